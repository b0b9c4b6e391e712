package dev.ironic.driver;

/** Boots a rescue system for the owner of an instance. */
public interface RescueInterface extends HardwareInterface {

  /** Boots the rescue ramdisk; waiting until its agent has reported and was told the password. */
  StepResult rescue(NodeTask task);

  /** Called, with the node's lock, when the rescue ramdisk's agent reports. */
  default StepResult finalizeRescue(NodeTask task) {
    return StepResult.done();
  }

  /** Boots the instance again. */
  void unrescue(NodeTask task);

  /** Removes what {@link #rescue} set up; does nothing where nothing is left. */
  default void cleanUp(NodeTask task) {}
}
