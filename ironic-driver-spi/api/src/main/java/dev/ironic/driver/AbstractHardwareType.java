package dev.ironic.driver;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A kind of machine. It names the implementations of each kind of interface that work with it, in
 * the order in which they are preferred; which of them a conductor offers is for its operator to
 * decide.
 *
 * <p>Power, management, boot and deploy have to be named; the other kinds come with the
 * implementations that work everywhere.
 */
public abstract class AbstractHardwareType {

  /** The name that nodes carry in their {@code driver} field, for example {@code redfish}. */
  public abstract String name();

  /** Names of power interfaces, best first. */
  protected abstract List<String> supportedPowerInterfaces();

  /** Names of management interfaces, best first. */
  protected abstract List<String> supportedManagementInterfaces();

  /** Names of boot interfaces, best first. */
  protected List<String> supportedBootInterfaces() {
    return List.of("ipxe", "pxe", "http-ipxe", "http");
  }

  /** Names of deploy interfaces, best first. */
  protected List<String> supportedDeployInterfaces() {
    return List.of(
        "autodetect", "direct", "ansible", "ramdisk", "anaconda", "bootc", "custom-agent");
  }

  /** Names of BIOS interfaces, best first. */
  protected List<String> supportedBiosInterfaces() {
    return List.of("no-bios");
  }

  /** Names of console interfaces, best first. */
  protected List<String> supportedConsoleInterfaces() {
    return List.of("no-console");
  }

  /** Names of firmware interfaces, best first. */
  protected List<String> supportedFirmwareInterfaces() {
    return List.of("no-firmware");
  }

  /** Names of inspect interfaces, best first. */
  protected List<String> supportedInspectInterfaces() {
    return List.of("agent", "no-inspect");
  }

  /** Names of network interfaces, best first. */
  protected List<String> supportedNetworkInterfaces() {
    return List.of("flat", "neutron", "ironic-networking", "noop");
  }

  /** Names of RAID interfaces, best first. */
  protected List<String> supportedRaidInterfaces() {
    return List.of("agent", "no-raid");
  }

  /** Names of rescue interfaces, best first. */
  protected List<String> supportedRescueInterfaces() {
    return List.of("no-rescue", "agent");
  }

  /** Names of storage interfaces, best first. */
  protected List<String> supportedStorageInterfaces() {
    return List.of("noop", "cinder", "external");
  }

  /** Names of vendor interfaces, best first. */
  protected List<String> supportedVendorInterfaces() {
    return List.of("no-vendor");
  }

  /**
   * Whether a node of this type may use any implementation that is enabled, so that the lists only
   * order the defaults. Only for test hardware.
   */
  public boolean acceptsAnyInterface() {
    return false;
  }

  /** All supported implementations by kind, best first. */
  public final Map<InterfaceKind, List<String>> supportedInterfaces() {
    var all = new EnumMap<InterfaceKind, List<String>>(InterfaceKind.class);
    for (InterfaceKind kind : InterfaceKind.values()) {
      all.put(kind, List.copyOf(supported(kind)));
    }
    return Collections.unmodifiableMap(all);
  }

  private List<String> supported(InterfaceKind kind) {
    return switch (kind) {
      case POWER -> supportedPowerInterfaces();
      case MANAGEMENT -> supportedManagementInterfaces();
      case FIRMWARE -> supportedFirmwareInterfaces();
      case INSPECT -> supportedInspectInterfaces();
      case DEPLOY -> supportedDeployInterfaces();
      case BOOT -> supportedBootInterfaces();
      case BIOS -> supportedBiosInterfaces();
      case RAID -> supportedRaidInterfaces();
      case VENDOR -> supportedVendorInterfaces();
      case NETWORK -> supportedNetworkInterfaces();
      case STORAGE -> supportedStorageInterfaces();
      case CONSOLE -> supportedConsoleInterfaces();
      case RESCUE -> supportedRescueInterfaces();
    };
  }
}
