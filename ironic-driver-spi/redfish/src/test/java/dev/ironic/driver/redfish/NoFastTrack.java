package dev.ironic.driver.redfish;

import dev.ironic.driver.DeployInterface;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.StepResult;
import java.util.Map;

/** A deploy interface that never has an agent running. */
final class NoFastTrack implements DeployInterface {

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

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
