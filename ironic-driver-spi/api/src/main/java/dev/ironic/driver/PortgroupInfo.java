package dev.ironic.driver;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A group of ports that work as one.
 *
 * @param uuid its UUID
 * @param name its name, or null
 * @param address its MAC address, or null
 * @param mode how the ports are bonded, or null
 * @param standalonePortsSupported whether members may be used on their own
 * @param properties settings of the bond
 * @param internalInfo what the conductor and network interfaces keep
 * @param extra free-form data
 */
public record PortgroupInfo(
    String uuid,
    @Nullable String name,
    @Nullable String address,
    @Nullable String mode,
    boolean standalonePortsSupported,
    Map<String, @Nullable Object> properties,
    Map<String, @Nullable Object> internalInfo,
    Map<String, @Nullable Object> extra) {}
