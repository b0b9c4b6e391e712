package dev.ironic.driver.generic;

import dev.ironic.driver.BootInterface;
import dev.ironic.driver.NodeTask;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Remembers what it was asked to boot. */
class SimpleBoot implements BootInterface {

  final Map<String, @Nullable String> ramdisk = new LinkedHashMap<>();
  boolean instancePrepared;

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

  @Override
  public void prepareRamdisk(NodeTask task, Map<String, @Nullable String> kernelParameters) {
    ramdisk.putAll(kernelParameters);
  }

  @Override
  public void cleanUpRamdisk(NodeTask task) {
    ramdisk.clear();
  }

  @Override
  public void prepareInstance(NodeTask task) {
    instancePrepared = true;
  }

  @Override
  public void cleanUpInstance(NodeTask task) {
    instancePrepared = false;
  }
}
