package dev.ironic.driver;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds out what a machine is made of. */
public interface InspectInterface extends HardwareInterface {

  /**
   * Starts an inspection.
   *
   * @return done when the node's properties are filled; waiting while the ramdisk collects
   */
  StepResult inspect(NodeTask task);

  /** Ends a running inspection. */
  default void abort(NodeTask task) {
    throw DriverException.unsupported("This inspect interface does not support abort.");
  }

  /**
   * Takes the data that the ramdisk posted.
   *
   * @param inventory the hardware inventory
   * @param pluginData what the collectors added
   * @return done, or waiting for more
   */
  default StepResult continueInspection(
      NodeTask task,
      Map<String, @Nullable Object> inventory,
      Map<String, @Nullable Object> pluginData) {
    throw DriverException.unsupported(
        "This inspect interface does not support in-band inspection.");
  }

  /**
   * Called when what the ramdisk posted could not be used, before the inspection fails. A chance to
   * keep what helps to find out why.
   *
   * @param pluginData what the collectors sent; {@code logs} may be among it
   */
  default void dataRefused(NodeTask task, Map<String, @Nullable Object> pluginData) {}
}
