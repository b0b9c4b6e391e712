package dev.ironic.driver.fake;

import dev.ironic.driver.DriverContext;
import dev.ironic.driver.InspectInterface;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.StepResult;
import java.util.Map;

/** Finds nothing and touches nothing. Thread-safe. */
public final class FakeInspect implements InspectInterface {

  private final FakeDelay delay;

  /** Reads {@code [fake]inspect_delay}. */
  public FakeInspect(DriverContext context) {
    this.delay = FakeDelay.of(context, InterfaceKind.INSPECT);
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

  @Override
  public StepResult inspect(NodeTask task) {
    delay.pass();
    return StepResult.done();
  }
}
