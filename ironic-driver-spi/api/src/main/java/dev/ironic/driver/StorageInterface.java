package dev.ironic.driver;

/** Attaches remote volumes. */
public interface StorageInterface extends HardwareInterface {

  /** Makes the node's volumes available to the machine. */
  void attachVolumes(NodeTask task);

  /** Takes the node's volumes away from the machine. */
  void detachVolumes(NodeTask task);

  /** Whether an image is to be written; false when the machine boots from a volume. */
  boolean shouldWriteImage(NodeTask task);
}
