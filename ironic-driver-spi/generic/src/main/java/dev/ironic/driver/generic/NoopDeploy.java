package dev.ironic.driver.generic;

import dev.ironic.driver.DeployInterface;
import dev.ironic.driver.DeployStep;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.StepResult;
import java.util.Map;

/** For machines that somebody else deploys. Thread-safe. */
public final class NoopDeploy implements DeployInterface {

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

  /** The core step; there is nothing to do. */
  @DeployStep(priority = 100)
  public void deploy(NodeTask task) {}

  @Override
  public StepResult prepare(NodeTask task) {
    return StepResult.done();
  }

  @Override
  public void tearDown(NodeTask task) {}

  @Override
  public void cleanUp(NodeTask task) {}

  @Override
  public void takeOver(NodeTask task) {}
}
