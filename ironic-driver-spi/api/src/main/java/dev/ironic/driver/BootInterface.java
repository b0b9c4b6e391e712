package dev.ironic.driver;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a machine boot the deployment ramdisk, or its instance. */
public interface BootInterface extends HardwareInterface {

  /** Abilities that others ask for, such as {@code ramdisk_boot} or {@code ipxe_boot}. */
  default Set<String> capabilities() {
    return Set.of();
  }

  /**
   * Makes the next boot load the deployment ramdisk. Called with the machine off or about to be
   * rebooted; repeating it does no harm.
   *
   * @param kernelParameters name to value; a null value is a bare flag
   */
  void prepareRamdisk(NodeTask task, Map<String, @Nullable String> kernelParameters);

  /** Undoes {@link #prepareRamdisk}; does nothing where nothing is left. */
  void cleanUpRamdisk(NodeTask task);

  /** Makes the machine boot its instance from now on. */
  void prepareInstance(NodeTask task);

  /** Undoes {@link #prepareInstance}. */
  void cleanUpInstance(NodeTask task);

  /**
   * Removes what this conductor keeps locally for a node that another one has taken over, such as
   * boot files. The task holds no lock: neither the node nor its machine may be touched.
   */
  default void giveUp(NodeTask task) {}

  /** Checks what booting the rescue ramdisk needs. */
  default void validateRescue(NodeTask task) {
    throw DriverException.unsupported("This boot interface does not support rescue.");
  }

  /** Checks what a managed boot for inspection needs. */
  default void validateInspection(NodeTask task) {
    throw DriverException.unsupported(
        "This boot interface does not support booting for inspection.");
  }
}
