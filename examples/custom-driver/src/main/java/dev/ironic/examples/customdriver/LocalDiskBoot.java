package dev.ironic.examples.customdriver;

import dev.ironic.driver.BootInterface;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Boots what is on the disk, because nothing else can be chosen from outside. Thread-safe. */
public final class LocalDiskBoot implements BootInterface {

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

  @Override
  public void prepareRamdisk(NodeTask task, Map<String, @Nullable String> kernelParameters) {
    throw DriverException.unsupported(
        "Node %s boots its own disk only; no ramdisk can be started on it"
            .formatted(task.node().uuid()));
  }

  @Override
  public void cleanUpRamdisk(NodeTask task) {}

  @Override
  public void prepareInstance(NodeTask task) {}

  @Override
  public void cleanUpInstance(NodeTask task) {}
}
