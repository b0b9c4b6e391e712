package dev.ironic.chaos.hardware;

import dev.ironic.driver.BootInterface;
import dev.ironic.driver.NodeTask;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Boots a machine of the yard. Thread-safe. */
final class ChaosBoot implements BootInterface {

  private final YardClient yard;

  ChaosBoot(YardClient yard) {
    this.yard = yard;
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

  @Override
  public void prepareRamdisk(NodeTask task, Map<String, @Nullable String> kernelParameters) {
    yard.command(task, "boot ramdisk");
  }

  @Override
  public void cleanUpRamdisk(NodeTask task) {
    if (yard.read(task, "boot").equals("ramdisk")) {
      yard.command(task, "boot none");
    }
  }

  @Override
  public void prepareInstance(NodeTask task) {
    yard.command(task, "boot disk");
  }

  @Override
  public void cleanUpInstance(NodeTask task) {
    yard.command(task, "boot none");
  }

  @Override
  public void close() {
    yard.close();
  }
}
