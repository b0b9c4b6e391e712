package dev.ironic.driver.fake;

import dev.ironic.driver.DriverContext;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.StorageInterface;
import java.util.Map;

/** Attaches nothing. Thread-safe. */
public final class FakeStorage implements StorageInterface {

  private final FakeDelay delay;

  /** Reads {@code [fake]storage_delay}. */
  public FakeStorage(DriverContext context) {
    this.delay = FakeDelay.of(context, InterfaceKind.STORAGE);
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

  @Override
  public void attachVolumes(NodeTask task) {
    delay.pass();
  }

  @Override
  public void detachVolumes(NodeTask task) {
    delay.pass();
  }

  @Override
  public boolean shouldWriteImage(NodeTask task) {
    return true;
  }
}
