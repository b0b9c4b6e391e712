package dev.ironic.driver.generic;

import dev.ironic.driver.InspectInterface;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.StepResult;
import java.util.Map;

/** For machines that are not inspected. Thread-safe. */
public final class NoInspect implements InspectInterface {

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {
    throw Unsupported.of(task, "inspect");
  }

  @Override
  public StepResult inspect(NodeTask task) {
    throw Unsupported.of(task, "inspect");
  }
}
