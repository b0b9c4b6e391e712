package dev.ironic.driver.generic;

import dev.ironic.driver.ConsoleInterface;
import dev.ironic.driver.NodeTask;
import java.util.Map;

/** For machines without a console. Thread-safe. */
public final class NoConsole implements ConsoleInterface {

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {
    throw Unsupported.of(task, "console");
  }

  @Override
  public void startConsole(NodeTask task) {
    throw Unsupported.of(task, "console");
  }

  @Override
  public void stopConsole(NodeTask task) {
    throw Unsupported.of(task, "console");
  }

  @Override
  public Map<String, String> console(NodeTask task) {
    throw Unsupported.of(task, "console");
  }
}
