package dev.ironic.driver.generic;

import dev.ironic.driver.FirmwareInterface;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.StepResult;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** For machines whose firmware versions are out of reach. Thread-safe. */
public final class NoFirmware implements FirmwareInterface {

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {
    throw Unsupported.of(task, "firmware");
  }

  @Override
  public StepResult update(NodeTask task, List<Map<String, @Nullable Object>> settings) {
    throw Unsupported.of(task, "firmware");
  }

  @Override
  public void cacheComponents(NodeTask task) {}
}
