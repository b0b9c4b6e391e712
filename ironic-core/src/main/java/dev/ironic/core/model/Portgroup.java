package dev.ironic.core.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ports of a node that work as one.
 *
 * @param id row number, in order of creation; 0 before it is stored
 * @param uuid its UUID
 * @param createdAt when it was stored; null before
 * @param updatedAt when it was last changed; null if never
 * @param name name, unique
 * @param address MAC address, unique
 * @param nodeId row of its node
 * @param nodeUuid UUID of its node; read by a join, not stored
 * @param mode how the ports are bonded
 * @param standalonePortsSupported whether members may be used on their own
 * @param physicalNetwork network it is plugged into
 * @param category what it is used for
 * @param dynamicPortgroup whether it was made by itself
 * @param properties settings of the bond
 * @param internalInfo what the conductor and network interfaces keep
 * @param extra free-form data
 */
@RecordBuilder
public record Portgroup(
    long id,
    String uuid,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt,
    @Nullable String name,
    @Nullable String address,
    long nodeId,
    String nodeUuid,
    @Nullable String mode,
    boolean standalonePortsSupported,
    @Nullable String physicalNetwork,
    @Nullable String category,
    boolean dynamicPortgroup,
    Map<String, @Nullable Object> properties,
    Map<String, @Nullable Object> internalInfo,
    Map<String, @Nullable Object> extra)
    implements PortgroupBuilder.With {}
