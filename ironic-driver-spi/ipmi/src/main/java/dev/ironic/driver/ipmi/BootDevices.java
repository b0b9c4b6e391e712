package dev.ironic.driver.ipmi;

import dev.ironic.driver.BootDevice;
import dev.ironic.driver.BootMode;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeInfo;
import dev.ironic.driver.NodeTask;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What machines boot from. For BMCs that forget it, the choice is kept with the node and sent again
 * before each start. Thread-safe.
 *
 * @param ipmitool reaches the BMCs
 */
record BootDevices(Ipmitool ipmitool) {

  private static final String DEVICE = "persistent_boot_device";
  private static final String NEXT = "is_next_boot_persistent";
  private static final String NO_TIMEOUT = "0x00 0x08 0x03 0x08";

  /** The selectors of the boot flags, as UEFI machines need them. */
  private static final Map<BootDevice, String> SELECTORS =
      new EnumMap<>(
          Map.of(
              BootDevice.PXE, "0x04",
              BootDevice.DISK, "0x08",
              BootDevice.CDROM, "0x14",
              BootDevice.BIOS, "0x18",
              BootDevice.SAFE, "0x0c"));

  static Set<BootDevice> supported() {
    return Set.copyOf(SELECTORS.keySet());
  }

  void set(NodeTask task, BootDevice device, boolean persistent) {
    if (!SELECTORS.containsKey(device)) {
      throw DriverException.invalid(
          "Invalid boot device %s specified.".formatted(device.wireName()));
    }
    IpmiDriverInfo info = IpmiDriverInfo.parse(task.node().driverInfo());
    if (info.disableBootTimeout().orElse(ipmitool.options().disableBootTimeout())) {
      ipmitool.raw(task, NO_TIMEOUT);
    }
    if (info.forceBootDevice()) {
      task.update(
          node -> {
            if (persistent) {
              node.internal(DEVICE, device.wireName()).removeInternal(NEXT);
            } else {
              node.internal(NEXT, false);
            }
          });
    }
    send(task, device, persistent && !info.forceBootDevice());
  }

  private void send(NodeTask task, BootDevice device, boolean persistent) {
    if (uefi(task.node())) {
      ipmitool.raw(
          task,
          "0x00 0x08 0x05 %s %s 0x00 0x00 0x00"
              .formatted(persistent ? "0xe0" : "0xa0", selector(task.node(), device)));
    } else if (persistent) {
      ipmitool.run(task, "chassis", "bootdev", device.wireName(), "options=persistent");
    } else {
      ipmitool.run(task, "chassis", "bootdev", device.wireName());
    }
  }

  private boolean uefi(NodeInfo node) {
    return BootMode.wantedBy(node).orElse(ipmitool.options().defaultBootMode()) == BootMode.UEFI;
  }

  private static String selector(NodeInfo node, BootDevice device) {
    String vendor = String.valueOf(node.properties().get("vendor")).toLowerCase(Locale.ROOT);
    // Theirs take the usual selector for a disk of the old kind.
    return device == BootDevice.DISK && vendor.contains("supermicro")
        ? "0x24"
        : String.valueOf(SELECTORS.get(device));
  }

  /** Before a start: sends again what the BMC may have forgotten. */
  void restore(NodeTask task) {
    NodeInfo node = task.node();
    if (!IpmiDriverInfo.parse(node.driverInfo()).forceBootDevice()) {
      return;
    }
    if (Boolean.FALSE.equals(node.driverInternalInfo().get(NEXT))) {
      // This start is the one that another device was chosen for.
      task.update(change -> change.removeInternal(NEXT));
      return;
    }
    node.internalText(DEVICE)
        .flatMap(BootDevice::ofWireName)
        .ifPresent(device -> set(task, device, true));
  }

  BootDevice.Selection read(NodeTask task) {
    NodeInfo node = task.node();
    Optional<BootDevice> forced =
        node.internalText(DEVICE)
            .filter(text -> IpmiDriverInfo.parse(node.driverInfo()).forceBootDevice())
            .filter(text -> !Boolean.FALSE.equals(node.driverInternalInfo().get(NEXT)))
            .flatMap(BootDevice::ofWireName);
    if (forced.isPresent()) {
      return new BootDevice.Selection(forced.get(), true);
    }
    String listing = ipmitool.read(task, "chassis", "bootparam", "get", "5");
    String selector =
        Optional.ofNullable(Ipmitool.field(listing.replace("- ", ""), "Boot Device Selector"))
            .orElse("");
    BootDevice device = null;
    if (selector.contains("PXE")) {
      device = BootDevice.PXE;
    } else if (selector.contains("Hard-Drive")) {
      device = selector.contains("Safe-Mode") ? BootDevice.SAFE : BootDevice.DISK;
    } else if (selector.contains("BIOS")) {
      device = BootDevice.BIOS;
    } else if (selector.contains("CD/DVD")) {
      device = BootDevice.CDROM;
    }
    return new BootDevice.Selection(device, listing.contains("Options apply to all future boots"));
  }
}
