package dev.ironic.driver.generic;

import dev.ironic.driver.NodeTask;
import dev.ironic.driver.StorageInterface;
import java.util.Map;

/** Attaches no volumes: the instance lives on the machine's own disk. Thread-safe. */
public final class NoopStorage implements StorageInterface {

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

  @Override
  public void attachVolumes(NodeTask task) {}

  @Override
  public void detachVolumes(NodeTask task) {}

  @Override
  public boolean shouldWriteImage(NodeTask task) {
    return true;
  }
}
