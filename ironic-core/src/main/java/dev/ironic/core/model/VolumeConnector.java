package dev.ironic.core.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An initiator of a node.
 *
 * @param id row number, in order of creation; 0 before it is stored
 * @param uuid its UUID
 * @param createdAt when it was stored; null before
 * @param updatedAt when it was last changed; null if never
 * @param nodeId row of its node
 * @param nodeUuid UUID of its node; read by a join, not stored
 * @param type iqn, ip, mac, wwnn, wwpn, port or portgroup
 * @param connectorId its id, unique in its type
 * @param extra free-form data
 */
@RecordBuilder
public record VolumeConnector(
    long id,
    String uuid,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt,
    long nodeId,
    String nodeUuid,
    String type,
    String connectorId,
    Map<String, @Nullable Object> extra)
    implements VolumeConnectorBuilder.With {}
