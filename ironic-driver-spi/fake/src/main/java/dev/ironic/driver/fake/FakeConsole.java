package dev.ironic.driver.fake;

import dev.ironic.driver.ConsoleInterface;
import dev.ironic.driver.NodeTask;
import java.util.Map;

/** A console that shows nothing. Thread-safe. */
public final class FakeConsole implements ConsoleInterface {

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

  @Override
  public void startConsole(NodeTask task) {}

  @Override
  public void stopConsole(NodeTask task) {}

  @Override
  public Map<String, String> console(NodeTask task) {
    return Map.of();
  }
}
