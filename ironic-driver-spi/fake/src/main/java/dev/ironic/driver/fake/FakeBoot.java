package dev.ironic.driver.fake;

import dev.ironic.driver.BootInterface;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.NodeTask;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Boots nothing. Thread-safe. */
public final class FakeBoot implements BootInterface {

  private final FakeDelay delay;

  /** Reads {@code [fake]boot_delay}. */
  public FakeBoot(DriverContext context) {
    this.delay = FakeDelay.of(context, InterfaceKind.BOOT);
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

  @Override
  public Set<String> capabilities() {
    return Set.of("ipxe_boot", "pxe_boot");
  }

  @Override
  public void prepareRamdisk(NodeTask task, Map<String, @Nullable String> kernelParameters) {
    delay.pass();
  }

  @Override
  public void cleanUpRamdisk(NodeTask task) {
    delay.pass();
  }

  @Override
  public void prepareInstance(NodeTask task) {
    delay.pass();
  }

  @Override
  public void cleanUpInstance(NodeTask task) {
    delay.pass();
  }

  @Override
  public void validateRescue(NodeTask task) {}
}
