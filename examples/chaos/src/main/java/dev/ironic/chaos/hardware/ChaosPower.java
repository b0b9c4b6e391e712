package dev.ironic.chaos.hardware;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.PowerInterface;
import dev.ironic.driver.PowerState;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Switches a machine of the yard. Thread-safe. */
final class ChaosPower implements PowerInterface {

  private final YardClient yard;

  ChaosPower(YardClient yard) {
    this.yard = yard;
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

  @Override
  public @Nullable PowerState powerState(NodeTask task) {
    return switch (yard.read(task, "power")) {
      case "on" -> PowerState.POWER_ON;
      case "off" -> PowerState.POWER_OFF;
      default -> null;
    };
  }

  @Override
  public void setPowerState(NodeTask task, PowerState target, @Nullable Duration timeout) {
    switch (target) {
      case POWER_ON -> yard.command(task, "power on");
      case POWER_OFF -> yard.command(task, "power off");
      case REBOOT -> reboot(task, timeout);
      case SOFT_REBOOT, SOFT_POWER_OFF, ERROR ->
          throw DriverException.invalid("Machines of the yard have no " + target.wireName());
    }
  }

  @Override
  public void reboot(NodeTask task, @Nullable Duration timeout) {
    yard.command(task, "power off");
    yard.command(task, "power on");
  }

  @Override
  public void close() {
    yard.close();
  }
}
