package dev.ironic.core.driver;

import dev.ironic.driver.InterfaceKind;
import java.util.Map;
import java.util.Set;

/**
 * Names that Ironic's configuration files may enable. One of them that is not there is skipped with
 * a warning, so that an existing file still starts; any other unknown name is a mistake.
 */
final class KnownNames {

  private static final Set<String> HARDWARE_TYPES =
      Set.of("fake-hardware", "manual-management", "ipmi", "intel-ipmi", "redfish", "idrac");

  private static final Map<InterfaceKind, Set<String>> INTERFACES =
      Map.ofEntries(
          Map.entry(InterfaceKind.BIOS, Set.of("fake", "idrac-redfish", "no-bios", "redfish")),
          Map.entry(
              InterfaceKind.BOOT,
              Set.of(
                  "fake",
                  "http",
                  "http-ipxe",
                  "idrac-redfish-virtual-media",
                  "ipxe",
                  "pxe",
                  "redfish-https",
                  "redfish-virtual-media")),
          Map.entry(
              InterfaceKind.CONSOLE,
              Set.of(
                  "fake", "fake-graphical", "ipmitool-socat", "no-console", "redfish-graphical")),
          Map.entry(
              InterfaceKind.DEPLOY,
              Set.of(
                  "anaconda",
                  "ansible",
                  "autodetect",
                  "bootc",
                  "custom-agent",
                  "direct",
                  "fake",
                  "noop",
                  "ramdisk")),
          Map.entry(InterfaceKind.FIRMWARE, Set.of("fake", "no-firmware", "redfish")),
          Map.entry(
              InterfaceKind.INSPECT,
              Set.of("agent", "fake", "idrac-redfish", "no-inspect", "redfish")),
          Map.entry(
              InterfaceKind.MANAGEMENT,
              Set.of("fake", "idrac-redfish", "intel-ipmitool", "ipmitool", "noop", "redfish")),
          Map.entry(InterfaceKind.NETWORK, Set.of("flat", "ironic-networking", "neutron", "noop")),
          Map.entry(
              InterfaceKind.POWER, Set.of("agent", "fake", "idrac-redfish", "ipmitool", "redfish")),
          Map.entry(
              InterfaceKind.RAID, Set.of("agent", "fake", "idrac-redfish", "no-raid", "redfish")),
          Map.entry(InterfaceKind.RESCUE, Set.of("agent", "fake", "no-rescue")),
          Map.entry(InterfaceKind.STORAGE, Set.of("cinder", "external", "fake", "noop")),
          Map.entry(
              InterfaceKind.VENDOR,
              Set.of("fake", "idrac-redfish", "ipmitool", "no-vendor", "redfish")));

  private KnownNames() {}

  static boolean hardwareType(String name) {
    return HARDWARE_TYPES.contains(name);
  }

  static boolean implementation(InterfaceKind kind, String name) {
    return INTERFACES.getOrDefault(kind, Set.of()).contains(name);
  }
}
