package dev.ironic.driver.generic;

import dev.ironic.driver.NodeTask;
import dev.ironic.driver.PowerInterface;
import dev.ironic.driver.PowerState;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Power that is what was asked for. */
final class SimplePower implements PowerInterface {

  PowerState state = PowerState.POWER_OFF;

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

  @Override
  public PowerState powerState(NodeTask task) {
    return state;
  }

  @Override
  public void setPowerState(NodeTask task, PowerState target, @Nullable Duration timeout) {
    state = target.settled();
  }

  @Override
  public void reboot(NodeTask task, @Nullable Duration timeout) {
    state = PowerState.POWER_ON;
  }
}
