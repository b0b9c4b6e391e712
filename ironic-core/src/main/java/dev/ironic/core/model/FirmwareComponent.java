package dev.ironic.core.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The firmware of a component of a node as last read.
 *
 * @param id row number, in order of creation; 0 before it is stored
 * @param createdAt when it was stored; null before
 * @param updatedAt when it was last changed; null if never
 * @param nodeId row of the node
 * @param component which component
 * @param initialVersion version first seen
 * @param currentVersion version running
 * @param lastVersionFlashed version last written by us
 * @param vendor who made it
 * @param model its model
 * @param serialNumber its serial number
 */
@RecordBuilder
public record FirmwareComponent(
    long id,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt,
    long nodeId,
    String component,
    String initialVersion,
    @Nullable String currentVersion,
    @Nullable String lastVersionFlashed,
    @Nullable String vendor,
    @Nullable String model,
    @Nullable String serialNumber)
    implements FirmwareComponentBuilder.With {}
