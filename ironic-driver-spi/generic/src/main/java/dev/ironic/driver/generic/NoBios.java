package dev.ironic.driver.generic;

import dev.ironic.driver.BiosInterface;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.StepResult;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** For machines whose firmware settings are out of reach. Thread-safe. */
public final class NoBios implements BiosInterface {

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {
    throw Unsupported.of(task, "bios");
  }

  @Override
  public StepResult applyConfiguration(
      NodeTask task, List<Map<String, @Nullable Object>> settings) {
    throw Unsupported.of(task, "bios");
  }

  @Override
  public StepResult factoryReset(NodeTask task) {
    throw Unsupported.of(task, "bios");
  }

  @Override
  public void cacheSettings(NodeTask task) {}
}
