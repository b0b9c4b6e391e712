package dev.ironic.driver.generic;

import dev.ironic.driver.NodeTask;
import dev.ironic.driver.RescueInterface;
import dev.ironic.driver.StepResult;
import java.util.Map;

/** For machines that cannot be rescued. Thread-safe. */
public final class NoRescue implements RescueInterface {

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {
    throw Unsupported.of(task, "rescue");
  }

  @Override
  public StepResult rescue(NodeTask task) {
    throw Unsupported.of(task, "rescue");
  }

  @Override
  public void unrescue(NodeTask task) {
    throw Unsupported.of(task, "rescue");
  }

  @Override
  public void cleanUp(NodeTask task) {
    throw Unsupported.of(task, "rescue");
  }
}
