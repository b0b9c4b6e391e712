package dev.ironic.driver.redfish;

import dev.ironic.driver.DriverContext;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.PowerInterface;
import dev.ironic.driver.PowerState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Power by {@code ComputerSystem.Reset}. A BMC that is away for a while in the middle of an action
 * is waited for, up to the action's timeout. Thread-safe.
 */
public final class RedfishPower implements PowerInterface {

  private static final Logger LOG = LoggerFactory.getLogger(RedfishPower.class);
  private static final Duration FIRST_POLL = Duration.ofSeconds(1);
  private static final Duration LONGEST_POLL = Duration.ofSeconds(8);
  private static final Duration AFTER_RESTART = Duration.ofSeconds(15);
  private static final Set<PowerState> SUPPORTED =
      Set.of(
          PowerState.POWER_ON,
          PowerState.POWER_OFF,
          PowerState.REBOOT,
          PowerState.SOFT_REBOOT,
          PowerState.SOFT_POWER_OFF);

  private final BmcConnections connections;
  private final BootDevices bootDevices;
  private final Clock clock;

  RedfishPower(DriverContext context, BmcConnections connections) {
    this.connections = connections;
    this.bootDevices = new BootDevices(connections.options());
    this.clock = context.clock();
  }

  @Override
  public Map<String, String> properties() {
    return RedfishDriverInfo.PROPERTIES;
  }

  @Override
  public void validate(NodeTask task) {
    RedfishDriverInfo.parse(task.node().driverInfo(), connections.options());
  }

  @Override
  public void close() {
    connections.close();
  }

  @Override
  public Set<PowerState> supportedPowerStates(NodeTask task) {
    return SUPPORTED;
  }

  @Override
  public @Nullable PowerState powerState(NodeTask task) {
    return stateOf(connections.of(task).system());
  }

  @Override
  public void setPowerState(NodeTask task, PowerState target, @Nullable Duration timeout) {
    RedfishBmc bmc = connections.of(task);
    switch (target) {
      case POWER_ON -> {
        bootDevices.restore(task, bmc);
        reset(task, bmc, "On", PowerState.POWER_ON, timeout);
      }
      case POWER_OFF -> reset(task, bmc, "ForceOff", PowerState.POWER_OFF, timeout);
      case SOFT_POWER_OFF -> reset(task, bmc, "GracefulShutdown", PowerState.POWER_OFF, timeout);
      case SOFT_REBOOT -> {
        bootDevices.restore(task, bmc);
        reset(task, bmc, "GracefulRestart", PowerState.POWER_ON, timeout);
      }
      case REBOOT -> {
        bootDevices.restore(task, bmc);
        reset(task, bmc, "ForceRestart", PowerState.POWER_ON, timeout);
      }
      case ERROR -> throw DriverException.invalid("'error' is no power state that can be set");
    }
  }

  @Override
  public void reboot(NodeTask task, @Nullable Duration timeout) {
    RedfishBmc bmc = connections.of(task);
    if (stateOf(bmc.system()) == PowerState.POWER_ON) {
      if (task.node().disablePowerOff()) {
        bootDevices.restore(task, bmc);
        reset(task, bmc, "ForceRestart", PowerState.POWER_ON, timeout);
        return;
      }
      reset(task, bmc, "ForceOff", PowerState.POWER_OFF, timeout);
    }
    bootDevices.restore(task, bmc);
    reset(task, bmc, "On", PowerState.POWER_ON, timeout);
  }

  /** Resets and waits; a lost answer is treated like an answer, since the state tells the truth. */
  private void reset(
      NodeTask task, RedfishBmc bmc, String type, PowerState wanted, @Nullable Duration timeout) {
    RedfishOptions options = connections.options();
    boolean soft = type.startsWith("Graceful");
    Duration limit =
        timeout != null
            ? timeout
            : soft ? options.softPowerOffTimeout() : options.powerStateChangeTimeout();
    Instant deadline = clock.instant().plus(limit);
    submit(task, bmc, type, wanted, deadline);
    if (type.equals("ForceRestart")) {
      task.sleep(AFTER_RESTART);
    }
    Duration pause = FIRST_POLL;
    String last = "unknown";
    while (true) {
      try {
        RedfishResource system = bmc.system();
        last = system.text("PowerState").orElse("unknown");
        if (settled(last) == wanted) {
          return;
        }
      } catch (DriverException e) {
        if (e.kind() != DriverException.Kind.UNREACHABLE || !clock.instant().isBefore(deadline)) {
          throw e;
        }
        LOG.warn("Waiting for the BMC to come back: {}", e.getMessage());
      }
      if (!clock.instant().isBefore(deadline)) {
        throw DriverException.failed(
            "The machine behind the BMC at %s did not reach '%s' within %d s after %s; it reports %s"
                .formatted(
                    bmc.client().address(), wanted.wireName(), limit.toSeconds(), type, last),
            null);
      }
      task.sleep(pause);
      pause = min(pause.multipliedBy(2), LONGEST_POLL);
    }
  }

  private void submit(
      NodeTask task, RedfishBmc bmc, String type, PowerState wanted, Instant deadline) {
    RedfishOptions options = connections.options();
    for (int conflicts = 0; ; ) {
      RedfishResource system;
      RedfishReply reply;
      try {
        system = bmc.system();
        reply = bmc.client().post(target(bmc, system, type), Map.of("ResetType", type));
      } catch (DriverException e) {
        if (e.kind() != DriverException.Kind.UNREACHABLE || !clock.instant().isBefore(deadline)) {
          throw e;
        }
        LOG.warn("Trying {} again: {}", type, e.getMessage());
        task.sleep(options.connectionRetryInterval());
        continue;
      }
      if (reply.ok()) {
        return;
      }
      if (!reply.refused()) {
        throw reply.failure("the reset " + type);
      }
      if (stateOf(bmc.system()) == wanted || saysAlready(reply, wanted)) {
        return;
      }
      boolean conflict =
          type.equals("On")
              && reply.status() == 409
              && reply.mentions("ActionParameterValueConflict");
      if (!conflict || conflicts++ >= options.powerOnConflictRetryAttempts()) {
        throw reply.failure("the reset " + type);
      }
      task.sleep(options.powerOnConflictRetryInterval());
    }
  }

  private static String target(RedfishBmc bmc, RedfishResource system, String type) {
    List<String> allowed = system.allowed("ComputerSystem.Reset", "ResetType");
    if (!allowed.isEmpty() && !allowed.contains(type)) {
      throw DriverException.invalid(
          "The BMC at %s does not allow the reset %s, only %s"
              .formatted(bmc.client().address(), type, allowed));
    }
    return system
        .action("ComputerSystem.Reset")
        .orElseThrow(
            () ->
                DriverException.failed(
                    "The BMC at %s offers no reset of %s"
                        .formatted(bmc.client().address(), system.path()),
                    null));
  }

  private static boolean saysAlready(RedfishReply reply, PowerState wanted) {
    String word = wanted == PowerState.POWER_ON ? "on" : "off";
    return reply.mentions("is powered " + word) || reply.mentions("already powered " + word);
  }

  private static @Nullable PowerState stateOf(RedfishResource system) {
    return switch (system.text("PowerState").orElse("")) {
      case "On", "PoweringOn" -> PowerState.POWER_ON;
      case "Off", "PoweringOff" -> PowerState.POWER_OFF;
      default -> null;
    };
  }

  /** Only a state that has been reached counts at the end of an action. */
  private static @Nullable PowerState settled(String redfishName) {
    return switch (redfishName) {
      case "On" -> PowerState.POWER_ON;
      case "Off" -> PowerState.POWER_OFF;
      default -> null;
    };
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
