package dev.ironic.core.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network port of a node.
 *
 * @param id row number, in order of creation; 0 before it is stored
 * @param uuid its UUID
 * @param createdAt when it was stored; null before
 * @param updatedAt when it was last changed; null if never
 * @param address MAC address, lower case, unique
 * @param nodeId row of its node
 * @param nodeUuid UUID of its node; read by a join, not stored
 * @param portgroupId row of its port group
 * @param portgroupUuid UUID of its port group; read by a join, not stored
 * @param name name, unique
 * @param description words of the operator
 * @param vendor who made it
 * @param category what it is used for
 * @param pxeEnabled whether the machine may boot over it
 * @param isSmartnic whether it is a smart NIC
 * @param physicalNetwork network it is plugged into
 * @param availableForDynamicPortgroup whether it may be put into a group by itself
 * @param localLinkConnection switch port it is plugged into
 * @param internalInfo what the conductor and network interfaces keep
 * @param extra free-form data
 */
@RecordBuilder
public record Port(
    long id,
    String uuid,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt,
    String address,
    long nodeId,
    String nodeUuid,
    @Nullable Long portgroupId,
    @Nullable String portgroupUuid,
    @Nullable String name,
    @Nullable String description,
    @Nullable String vendor,
    @Nullable String category,
    boolean pxeEnabled,
    boolean isSmartnic,
    @Nullable String physicalNetwork,
    boolean availableForDynamicPortgroup,
    Map<String, @Nullable Object> localLinkConnection,
    Map<String, @Nullable Object> internalInfo,
    Map<String, @Nullable Object> extra)
    implements PortBuilder.With {

  /** A port as it is before anything but its address is known of it. */
  public static Port draft(String uuid, Node node, String address) {
    return PortBuilder.builder()
        .uuid(uuid)
        .address(address)
        .nodeId(node.id())
        .nodeUuid(node.uuid())
        .pxeEnabled(true)
        .availableForDynamicPortgroup(true)
        .localLinkConnection(Map.of())
        .internalInfo(Map.of())
        .extra(Map.of())
        .build();
  }
}
