package dev.ironic.core.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an inspection found.
 *
 * @param id row number, in order of creation; 0 before it is stored
 * @param createdAt when it was stored; null before
 * @param updatedAt when it was last changed; null if never
 * @param nodeId row of the node
 * @param inventoryData the inventory
 * @param pluginData what the collectors added
 */
@RecordBuilder
public record NodeInventory(
    long id,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt,
    long nodeId,
    Map<String, @Nullable Object> inventoryData,
    Map<String, @Nullable Object> pluginData)
    implements NodeInventoryBuilder.With {}
