package dev.ironic.agent.hardware;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network interface as listed. What could not be found out is null.
 *
 * @param name the system's name for it
 * @param mac its permanent address, lower case
 * @param ipv4 an IPv4 address
 * @param ipv6 an IPv6 address
 * @param carrier true if a cable is in
 * @param vendor PCI vendor id
 * @param product PCI product id
 * @param speedMbps speed
 * @param pciAddress where it sits
 * @param driver the kernel's driver
 */
public record NetworkCard(
    String name,
    String mac,
    @Nullable String ipv4,
    @Nullable String ipv6,
    boolean carrier,
    @Nullable String vendor,
    @Nullable String product,
    @Nullable Integer speedMbps,
    @Nullable String pciAddress,
    @Nullable String driver) {

  /** Its entry in the inventory. */
  public Map<String, @Nullable Object> toWire() {
    Map<String, @Nullable Object> wire = new LinkedHashMap<>();
    wire.put("name", name);
    wire.put("mac_address", mac);
    wire.put("ipv4_address", ipv4);
    wire.put("ipv6_address", ipv6);
    wire.put("has_carrier", carrier);
    wire.put("lldp", null);
    wire.put("vendor", vendor);
    wire.put("product", product);
    wire.put("client_id", null);
    wire.put("biosdevname", null);
    wire.put("speed_mbps", speedMbps);
    wire.put("pci_address", pciAddress);
    wire.put("driver", driver);
    return wire;
  }
}
