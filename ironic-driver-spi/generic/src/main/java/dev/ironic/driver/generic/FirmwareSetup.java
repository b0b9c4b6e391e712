package dev.ironic.driver.generic;

import dev.ironic.driver.BootMode;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a machine the boot mode and the secure boot that its deployment asks for, as far as its
 * management interface can. Thread-safe.
 *
 * @param otherwise the mode of machines of which nobody says one
 */
record FirmwareSetup(BootMode otherwise) {

  private static final Logger LOG = LoggerFactory.getLogger(FirmwareSetup.class);

  /** Makes the machine boot in the mode that is wanted, and tells it. */
  BootMode synchronise(NodeTask task) {
    BootMode current = read(() -> task.management().bootMode(task));
    BootMode wanted = BootMode.wantedBy(task.node()).orElse(null);
    if (wanted == null) {
      BootMode chosen = current != null ? current : otherwise;
      task.update(node -> node.internal("deploy_boot_mode", chosen.wireName()));
      return chosen;
    }
    if (current != wanted) {
      attempt("boot mode", () -> task.management().setBootMode(task, wanted));
    }
    return wanted;
  }

  /** Switches secure boot on where the instance wants it. */
  void secure(NodeTask task) {
    if (BootMode.secureBootWantedBy(task.node())) {
      attempt("secure boot", () -> task.management().setSecureBoot(task, true));
    }
  }

  /** Undoes {@link #secure}. */
  void unsecure(NodeTask task) {
    if (BootMode.secureBootWantedBy(task.node())) {
      attempt("secure boot", () -> task.management().setSecureBoot(task, false));
    }
  }

  private static @Nullable BootMode read(Supplier<@Nullable BootMode> reading) {
    try {
      return reading.get();
    } catch (DriverException e) {
      if (e.kind() != DriverException.Kind.UNSUPPORTED) {
        throw e;
      }
      return null;
    }
  }

  private static void attempt(String what, Runnable change) {
    try {
      change.run();
    } catch (DriverException e) {
      if (e.kind() != DriverException.Kind.UNSUPPORTED) {
        throw e;
      }
      LOG.info("Leaving the {} as it is: {}", what, e.getMessage());
    }
  }
}
