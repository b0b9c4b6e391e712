package dev.ironic.core.conductor;

import dev.ironic.driver.BiosInterface;
import dev.ironic.driver.BootMode;
import dev.ironic.driver.FirmwareInterface;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notes what the hardware says of itself. None of it is worth a failure. */
final class NodeCaches {

  private static final Logger LOG = LoggerFactory.getLogger(NodeCaches.class);

  private NodeCaches() {}

  static void refresh(Task task) {
    quietly("vendor", () -> vendor(task));
    quietly("boot mode", () -> bootMode(task));
    quietly("secure boot", () -> secureBoot(task));
    quietly("BIOS settings", () -> task.driver(BiosInterface.class).cacheSettings(task));
    quietly("firmware versions", () -> task.driver(FirmwareInterface.class).cacheComponents(task));
  }

  private static void vendor(Task task) {
    String vendor = task.management().detectVendor(task);
    if (task.model().properties().get("vendor") == null && !vendor.isEmpty()) {
      task.update(node -> node.property("vendor", vendor));
    }
  }

  private static void bootMode(Task task) {
    BootMode mode = task.management().bootMode(task);
    task.update(node -> node.bootMode(mode));
  }

  private static void secureBoot(Task task) {
    Boolean enabled = task.management().secureBoot(task);
    task.update(node -> node.secureBoot(enabled));
  }

  private static void quietly(String what, Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      Failures.rethrowIfLockLost(e);
      LOG.debug("{} cannot be read: {}", what, e.getMessage());
    }
  }
}
