package dev.ironic.driver;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network port of a node.
 *
 * @param uuid its UUID
 * @param address its MAC address in lower case
 * @param pxeEnabled whether the machine may boot over it
 * @param portgroupUuid the group it belongs to, or null
 * @param physicalNetwork the network it is plugged into, or null
 * @param localLinkConnection the switch port it is plugged into
 * @param internalInfo what the conductor and network interfaces keep
 * @param extra free-form data
 */
public record PortInfo(
    String uuid,
    String address,
    boolean pxeEnabled,
    @Nullable String portgroupUuid,
    @Nullable String physicalNetwork,
    Map<String, @Nullable Object> localLinkConnection,
    Map<String, @Nullable Object> internalInfo,
    Map<String, @Nullable Object> extra) {}
