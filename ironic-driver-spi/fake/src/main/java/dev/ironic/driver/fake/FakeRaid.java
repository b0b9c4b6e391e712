package dev.ironic.driver.fake;

import dev.ironic.driver.DriverContext;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.RaidInterface;
import dev.ironic.driver.StepResult;
import java.util.Map;

/** Builds no arrays. Thread-safe. */
public final class FakeRaid implements RaidInterface {

  private final FakeDelay delay;

  /** Reads {@code [fake]raid_delay}. */
  public FakeRaid(DriverContext context) {
    this.delay = FakeDelay.of(context, InterfaceKind.RAID);
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

  @Override
  public StepResult createConfiguration(
      NodeTask task,
      boolean createRootVolume,
      boolean createNonrootVolumes,
      boolean deleteExisting) {
    delay.pass();
    return StepResult.done();
  }

  @Override
  public StepResult deleteConfiguration(NodeTask task) {
    delay.pass();
    return StepResult.done();
  }
}
