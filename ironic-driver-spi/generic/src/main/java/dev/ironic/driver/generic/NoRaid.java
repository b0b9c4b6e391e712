package dev.ironic.driver.generic;

import dev.ironic.driver.NodeTask;
import dev.ironic.driver.RaidInterface;
import dev.ironic.driver.StepResult;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** For machines without RAID. Thread-safe. */
public final class NoRaid implements RaidInterface {

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {
    throw Unsupported.of(task, "raid");
  }

  @Override
  public void validateRaidConfig(NodeTask task, Map<String, @Nullable Object> raidConfig) {
    throw Unsupported.of(task, "raid");
  }

  @Override
  public StepResult createConfiguration(
      NodeTask task,
      boolean createRootVolume,
      boolean createNonrootVolumes,
      boolean deleteExisting) {
    throw Unsupported.of(task, "raid");
  }

  @Override
  public StepResult deleteConfiguration(NodeTask task) {
    throw Unsupported.of(task, "raid");
  }
}
