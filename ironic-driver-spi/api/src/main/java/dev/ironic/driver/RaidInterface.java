package dev.ironic.driver;

import dev.ironic.driver.internal.LogicalDisks;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds and removes RAID arrays. */
public interface RaidInterface extends HardwareInterface {

  /**
   * Checks a wanted configuration; by default against what all implementations understand.
   *
   * @param raidConfig with {@code logical_disks}
   */
  default void validateRaidConfig(NodeTask task, Map<String, @Nullable Object> raidConfig) {
    LogicalDisks.validate(raidConfig);
  }

  /**
   * Builds what the node's {@code target_raid_config} asks for.
   *
   * @param createRootVolume whether to build the volume marked as root
   * @param createNonrootVolumes whether to build the others
   * @param deleteExisting whether to remove what is there first
   */
  StepResult createConfiguration(
      NodeTask task,
      boolean createRootVolume,
      boolean createNonrootVolumes,
      boolean deleteExisting);

  /** Removes all arrays. */
  StepResult deleteConfiguration(NodeTask task);

  /** The properties of a logical disk and what they mean. */
  default Map<String, String> logicalDiskProperties() {
    return LogicalDisks.descriptions();
  }
}
