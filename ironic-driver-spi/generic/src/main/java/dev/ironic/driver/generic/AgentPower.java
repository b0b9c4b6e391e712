package dev.ironic.driver.generic;

import dev.ironic.driver.DriverContext;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeInfo;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.PowerInterface;
import dev.ironic.driver.PowerState;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Power of machines without a controller, as far as the agent on them has it: it can restart the
 * machine it runs on, and that it reports proves that the machine is on. Nobody can tell or change
 * the power of a machine without a running agent. Thread-safe.
 */
public final class AgentPower implements PowerInterface {

  private final AgentOptions options;
  private final AgentPresence presence;
  private final AgentClient agent;

  /** Reads its options; opens no connection yet. */
  public AgentPower(DriverContext context) {
    this.options = AgentOptions.from(context.config());
    this.presence = new AgentPresence(options, context.clock());
    this.agent = new AgentClient(options);
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {
    NodeInfo node = task.node();
    if (!options.fastTrackWanted(node)) {
      throw DriverException.invalid(
          "Fast track mode must be enabled to use the agent power interface");
    }
    if (!presence.alive(node)) {
      throw DriverException.invalid(
          "No agent has reported for node %s within [deploy]fast_track_timeout; the agent power interface works only while the agent runs"
              .formatted(node.uuid()));
    }
  }

  @Override
  public void close() {
    agent.close();
  }

  @Override
  public Set<PowerState> supportedPowerStates(NodeTask task) {
    return EnumSet.of(PowerState.REBOOT, PowerState.SOFT_REBOOT);
  }

  @Override
  public boolean supportsPowerSync(NodeTask task) {
    return false;
  }

  @Override
  public @Nullable PowerState powerState(NodeTask task) {
    return presence.alive(task.node()) ? PowerState.POWER_ON : null;
  }

  @Override
  public void setPowerState(NodeTask task, PowerState target, @Nullable Duration timeout) {
    switch (target) {
      case REBOOT, SOFT_REBOOT -> reboot(task, timeout);
      case POWER_ON -> {
        if (!presence.alive(task.node())) {
          throw notSupported(task, target);
        }
      }
      case POWER_OFF, SOFT_POWER_OFF -> throw notSupported(task, target);
      case ERROR -> throw DriverException.invalid("'error' is no power state that can be set");
    }
  }

  private static DriverException notSupported(NodeTask task, PowerState target) {
    return DriverException.failed(
        "The agent power interface cannot switch node %s to '%s': it can only restart a machine"
            .formatted(task.node().uuid(), target.wireName()),
        null);
  }

  @Override
  public void reboot(NodeTask task, @Nullable Duration timeout) {
    // The answer comes before the machine goes down; its next heartbeat tells that it is back.
    agent.start(task, "standby.run_image", Map.of());
  }
}
