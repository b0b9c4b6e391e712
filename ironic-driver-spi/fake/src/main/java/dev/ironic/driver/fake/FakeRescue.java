package dev.ironic.driver.fake;

import dev.ironic.driver.DriverContext;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.RescueInterface;
import dev.ironic.driver.StepResult;
import java.util.Map;

/** Rescues at once. Thread-safe. */
public final class FakeRescue implements RescueInterface {

  private final FakeDelay delay;

  /** Reads {@code [fake]rescue_delay}. */
  public FakeRescue(DriverContext context) {
    this.delay = FakeDelay.of(context, InterfaceKind.RESCUE);
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

  @Override
  public StepResult rescue(NodeTask task) {
    delay.pass();
    return StepResult.done();
  }

  @Override
  public void unrescue(NodeTask task) {
    delay.pass();
  }
}
