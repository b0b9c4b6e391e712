package dev.ironic.driver.fake;

import dev.ironic.driver.CleanStep;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.FirmwareInterface;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.StepArgument;
import dev.ironic.driver.StepResult;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Updates no firmware. Thread-safe. */
public final class FakeFirmware implements FirmwareInterface {

  private final FakeDelay delay;

  /** Reads {@code [fake]firmware_delay}. */
  public FakeFirmware(DriverContext context) {
    this.delay = FakeDelay.of(context, InterfaceKind.FIRMWARE);
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

  /** {@link #update(NodeTask, List)} as a step. */
  @CleanStep(
      priority = 0,
      args =
          @StepArgument(
              name = "settings",
              description = "List of updates, each with 'component', 'url' and perhaps 'wait'",
              required = true))
  public StepResult update(NodeTask task, Map<String, @Nullable Object> args) {
    return update(task, StepSettings.of(args));
  }

  @Override
  public StepResult update(NodeTask task, List<Map<String, @Nullable Object>> settings) {
    delay.pass();
    return StepResult.done();
  }

  @Override
  public void cacheComponents(NodeTask task) {
    delay.pass();
  }
}
