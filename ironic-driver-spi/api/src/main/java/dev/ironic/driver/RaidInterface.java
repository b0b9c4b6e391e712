package dev.ironic.driver;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds and removes RAID arrays. */
public interface RaidInterface extends HardwareInterface {

  /**
   * Checks a wanted configuration.
   *
   * @param raidConfig with {@code logical_disks}
   */
  void validateRaidConfig(NodeTask task, Map<String, @Nullable Object> raidConfig);

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
  Map<String, String> logicalDiskProperties();
}
