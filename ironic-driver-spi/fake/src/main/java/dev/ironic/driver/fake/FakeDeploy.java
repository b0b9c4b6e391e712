package dev.ironic.driver.fake;

import dev.ironic.driver.DeployInterface;
import dev.ironic.driver.DeployStep;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.StepResult;
import java.util.Map;

/** Deploys nothing, in one step. Thread-safe. */
public final class FakeDeploy implements DeployInterface {

  private final FakeDelay delay;

  /** Reads {@code [fake]deploy_delay}. */
  public FakeDeploy(DriverContext context) {
    this.delay = FakeDelay.of(context, InterfaceKind.DEPLOY);
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

  /** The core step. */
  @DeployStep(priority = 100)
  public void deploy(NodeTask task) {
    delay.pass();
  }

  @Override
  public StepResult prepare(NodeTask task) {
    delay.pass();
    return StepResult.done();
  }

  @Override
  public void tearDown(NodeTask task) {
    delay.pass();
  }

  @Override
  public void cleanUp(NodeTask task) {
    delay.pass();
  }

  @Override
  public void takeOver(NodeTask task) {
    delay.pass();
  }
}
