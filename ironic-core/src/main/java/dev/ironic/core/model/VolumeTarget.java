package dev.ironic.core.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A remote volume of a node.
 *
 * @param id row number, in order of creation; 0 before it is stored
 * @param uuid its UUID
 * @param createdAt when it was stored; null before
 * @param updatedAt when it was last changed; null if never
 * @param nodeId row of its node
 * @param nodeUuid UUID of its node; read by a join, not stored
 * @param volumeType its type
 * @param properties how to reach it; may hold credentials
 * @param bootIndex place in the boot order, unique in its node; 0 boots
 * @param volumeId its id
 * @param extra free-form data
 */
@RecordBuilder
public record VolumeTarget(
    long id,
    String uuid,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt,
    long nodeId,
    String nodeUuid,
    String volumeType,
    Map<String, @Nullable Object> properties,
    int bootIndex,
    String volumeId,
    Map<String, @Nullable Object> extra)
    implements VolumeTargetBuilder.With {

  @Override
  public String toString() {
    return "VolumeTarget[" + uuid + ", " + volumeType + " " + volumeId + "]";
  }
}
