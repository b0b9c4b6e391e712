package dev.ironic.driver;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The thirteen kinds of hardware interface. A node has one implementation of each, named in its
 * {@code <kind>_interface} field.
 */
public enum InterfaceKind {
  POWER(PowerInterface.class),
  MANAGEMENT(ManagementInterface.class),
  FIRMWARE(FirmwareInterface.class),
  INSPECT(InspectInterface.class),
  DEPLOY(DeployInterface.class),
  BOOT(BootInterface.class),
  BIOS(BiosInterface.class),
  RAID(RaidInterface.class),
  VENDOR(VendorInterface.class),
  NETWORK(NetworkInterface.class),
  STORAGE(StorageInterface.class),
  CONSOLE(ConsoleInterface.class),
  RESCUE(RescueInterface.class);

  private final Class<? extends HardwareInterface> type;

  InterfaceKind(Class<? extends HardwareInterface> type) {
    this.type = type;
  }

  /** The Java interface that an implementation of this kind has. */
  public Class<? extends HardwareInterface> type() {
    return type;
  }

  /** The name on the wire: {@code power}, {@code management}, ... */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The node's field that names the implementation: {@code power_interface}, ... */
  public String nodeField() {
    return wireName() + "_interface";
  }

  /**
   * Finds a kind by its name on the wire.
   *
   * @param name for example {@code power}
   */
  public static Optional<InterfaceKind> ofWireName(String name) {
    return Arrays.stream(values()).filter(kind -> kind.wireName().equals(name)).findFirst();
  }
}
