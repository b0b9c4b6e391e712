package dev.ironic.driver.ipmi;

import dev.ironic.driver.DriverContext;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.PowerInterface;
import dev.ironic.driver.PowerState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Power by the chassis commands of IPMI. Thread-safe. */
public final class IpmiPower implements PowerInterface {

  private static final Duration POLL = Duration.ofSeconds(2);
  private static final Duration AFTER_RESET = Duration.ofSeconds(15);
  private static final Set<PowerState> SUPPORTED =
      Set.of(
          PowerState.POWER_ON,
          PowerState.POWER_OFF,
          PowerState.REBOOT,
          PowerState.SOFT_REBOOT,
          PowerState.SOFT_POWER_OFF);

  private final Ipmitool ipmitool;
  private final BootDevices bootDevices;
  private final Clock clock;

  IpmiPower(DriverContext context, Ipmitool ipmitool) {
    this.ipmitool = ipmitool;
    this.bootDevices = new BootDevices(ipmitool);
    this.clock = context.clock();
  }

  @Override
  public Map<String, String> properties() {
    return IpmiDriverInfo.PROPERTIES;
  }

  @Override
  public void validate(NodeTask task) {
    IpmiDriverInfo.parse(task.node().driverInfo());
  }

  @Override
  public Set<PowerState> supportedPowerStates(NodeTask task) {
    return SUPPORTED;
  }

  @Override
  public PowerState powerState(NodeTask task) {
    return switch (ipmitool.read(task, "power", "status")) {
      case "Chassis Power is on\n" -> PowerState.POWER_ON;
      case "Chassis Power is off\n" -> PowerState.POWER_OFF;
      default -> PowerState.ERROR;
    };
  }

  @Override
  public void setPowerState(NodeTask task, PowerState target, @Nullable Duration timeout) {
    switch (target) {
      case POWER_ON -> start(task, timeout);
      case POWER_OFF -> act(task, "off", PowerState.POWER_OFF, timeout);
      case SOFT_POWER_OFF -> shutDown(task, timeout);
      case REBOOT -> reboot(task, timeout);
      case SOFT_REBOOT -> {
        if (task.node().disablePowerOff()) {
          throw DriverException.invalid(
              "Node %s must not be switched off, which soft rebooting by IPMI does; use rebooting"
                  .formatted(task.node().uuid()));
        }
        shutDown(task, timeout);
        start(task, timeout);
      }
      case ERROR -> throw DriverException.invalid("'error' is no power state that can be set");
    }
  }

  @Override
  public void reboot(NodeTask task, @Nullable Duration timeout) {
    if (task.node().disablePowerOff()) {
      bootDevices.restore(task);
      ipmitool.run(task, "power", "reset");
      task.sleep(AFTER_RESET);
      await(task, "reset", PowerState.POWER_ON, limit(timeout));
      return;
    }
    if (powerState(task) != PowerState.POWER_OFF) {
      act(task, "off", PowerState.POWER_OFF, timeout);
    }
    start(task, timeout);
  }

  private void start(NodeTask task, @Nullable Duration timeout) {
    bootDevices.restore(task);
    act(task, "on", PowerState.POWER_ON, timeout);
  }

  private void shutDown(NodeTask task, @Nullable Duration timeout) {
    act(
        task,
        "soft",
        PowerState.POWER_OFF,
        Optional.ofNullable(timeout).orElse(ipmitool.options().softPowerOffTimeout()));
  }

  private void act(NodeTask task, String action, PowerState wanted, @Nullable Duration timeout) {
    ipmitool.run(task, "power", action);
    await(task, action, wanted, limit(timeout));
  }

  private Duration limit(@Nullable Duration timeout) {
    return timeout == null ? ipmitool.options().powerStateChangeTimeout() : timeout;
  }

  private void await(NodeTask task, String action, PowerState wanted, Duration limit) {
    Instant deadline = clock.instant().plus(limit);
    while (true) {
      PowerState state = powerState(task);
      if (state == wanted) {
        return;
      }
      if (!clock.instant().isBefore(deadline)) {
        throw DriverException.failed(
            "The machine of node %s did not reach '%s' within %d s after power %s; its BMC reports '%s'"
                .formatted(
                    task.node().uuid(),
                    wanted.wireName(),
                    limit.toSeconds(),
                    action,
                    state.wireName()),
            null);
      }
      task.sleep(POLL);
    }
  }
}
