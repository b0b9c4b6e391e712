package dev.ironic.driver.fake;

import dev.ironic.driver.DriverContext;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.PowerInterface;
import dev.ironic.driver.PowerState;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Power that is whatever was asked for last. Thread-safe. */
public final class FakePower implements PowerInterface {

  private static final Set<PowerState> SUPPORTED =
      Set.of(
          PowerState.POWER_ON,
          PowerState.POWER_OFF,
          PowerState.REBOOT,
          PowerState.SOFT_REBOOT,
          PowerState.SOFT_POWER_OFF);

  private final FakeDelay delay;
  private final FakeDelay readDelay;

  /** Reads {@code [fake]power_delay} and, for questions, {@code [fake]power_read_delay}. */
  public FakePower(DriverContext context) {
    this.delay = FakeDelay.of(context, InterfaceKind.POWER);
    this.readDelay = FakeDelay.of(context, "power_read_delay");
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

  @Override
  public @Nullable PowerState powerState(NodeTask task) {
    readDelay.passReading(task, "power state");
    return task.node().powerState();
  }

  @Override
  public void setPowerState(NodeTask task, PowerState target, @Nullable Duration timeout) {
    switch (target) {
      case POWER_ON, POWER_OFF, SOFT_POWER_OFF, SOFT_REBOOT -> {
        delay.passAtController(task);
        task.update(node -> node.powerState(target));
      }
      case REBOOT, ERROR ->
          throw DriverException.invalid(
              "set_power_state called with an invalid power state: %s."
                  .formatted(target.wireName()));
    }
  }

  @Override
  public void reboot(NodeTask task, @Nullable Duration timeout) {
    delay.passAtController(task);
  }

  @Override
  public Set<PowerState> supportedPowerStates(NodeTask task) {
    return SUPPORTED;
  }
}
