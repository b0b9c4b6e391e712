package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.Query;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.PowerState;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Switches power, with everything that belongs to it. Thread-safe. */
final class PowerActions {

  private static final Logger LOG = LoggerFactory.getLogger(PowerActions.class);

  /** Key of the node while a user's action runs: which it is, as the target only says its end. */
  private static final String ASKED = "power_action";

  private final TaskManager tasks;

  PowerActions(TaskManager tasks) {
    this.tasks = tasks;
  }

  /** The node with a note of what its user asked for, for the conductor that comes next. */
  static Node asked(Node node, PowerState action) {
    return node.withDriverInternalInfo(
        NodeChange.put(node.driverInternalInfo(), ASKED, action.wireName()));
  }

  private static Node answered(Node node) {
    return node.with(b -> b.targetPowerState(null))
        .withDriverInternalInfo(NodeChange.remove(node.driverInternalInfo(), ASKED));
  }

  /**
   * Goes on with what a conductor began that is gone. How far it came is not known, so a user's
   * action is done from its beginning; a flow's is left to the flow.
   */
  void goOn(Task task) {
    Node node = task.model();
    if (node.targetPowerState() == null) {
      return;
    }
    Optional<PowerState> action =
        Optional.ofNullable(node.driverInternalInfo().get(ASKED))
            .flatMap(name -> PowerState.ofWireName(name.toString()));
    if (action.isEmpty() || tasks.store().flows().living(node.id()).isPresent()) {
      task.save(PowerActions::answered);
      return;
    }
    LOG.info("Going on with {}", action.get().wireName());
    switchTo(task, action.get(), null);
  }

  /**
   * Switches power and waits for the result.
   *
   * @param timeout null for the configured time
   * @throws DriverException what went wrong; it is the node's last error, too
   */
  void switchTo(Task task, PowerState target, @Nullable Duration timeout) {
    if (target.turnsOff() && task.model().staysOn()) {
      String error =
          "Failed to set node power state to %s: power off is disabled for the node"
              .formatted(target.wireName());
      task.fail("power", error);
      throw new DriverException(DriverException.Kind.CONFLICT, error, null);
    }
    try {
      if (isThere(task, target)) {
        settle(task, target, false);
        return;
      }
      task.save(
          node ->
              node.with(
                  b -> {
                    b.targetPowerState(target.settled());
                    if (!node.provisionState().is(ProvisionState.Trait.FAILURE)) {
                      b.lastError(null);
                    }
                  }));
      relatives(task, target);
      act(task, target, timeout);
    } catch (RuntimeException e) {
      Failures.rethrowIfLockLost(e);
      task.save(PowerActions::answered);
      task.fail(
          "power",
          "Failed to change power state to '%s'. Error: %s"
              .formatted(target.settled().wireName(), TaskManager.reason(e)));
      throw e instanceof DriverException ? e : DriverException.failed(TaskManager.reason(e), e);
    }
    settle(task, target, true);
  }

  /** Whether nothing needs to be done; a reboot always needs to be. */
  private static boolean isThere(Task task, PowerState target) {
    return switch (target) {
      case POWER_ON, POWER_OFF, SOFT_POWER_OFF -> task.power().powerState(task) == target.settled();
      case REBOOT, SOFT_REBOOT -> false;
      case ERROR -> throw DriverException.invalid("'error' is not a power state to switch to");
    };
  }

  private void act(Task task, PowerState target, @Nullable Duration timeout) {
    boolean active = task.model().provisionState() == ProvisionState.ACTIVE;
    Duration limit =
        timeout == null && (target == PowerState.SOFT_POWER_OFF || target == PowerState.SOFT_REBOOT)
            ? tasks.options().softPowerOffTimeout()
            : timeout;
    if (active && !target.turnsOff()) {
      task.storage().attachVolumes(task);
    }
    if (target == PowerState.REBOOT) {
      task.power().reboot(task, limit);
    } else {
      task.power().setPowerState(task, target, limit);
    }
    if (active && target.turnsOff()) {
      task.storage().detachVolumes(task);
    }
  }

  private void settle(Task task, PowerState target, boolean acted) {
    boolean agentGone = target != PowerState.POWER_ON;
    String now =
        LocalDateTime.ofInstant(tasks.clock().instant(), ZoneOffset.UTC)
            .truncatedTo(ChronoUnit.MICROS)
            .toString();
    task.save(
        node -> {
          Node settled =
              answered(node)
                  .with(
                      b -> {
                        b.powerState(target.settled());
                        if (!acted && !node.provisionState().is(ProvisionState.Trait.FAILURE)) {
                          b.lastError(null);
                        }
                      });
          if (agentGone && acted) {
            settled = AgentKeys.afterPowerLoss(settled);
          }
          return acted
              ? settled.withDriverInternalInfo(
                  NodeChange.put(settled.driverInternalInfo(), "last_power_state_change", now))
              : settled;
        });
  }

  /** A part needs the power of the whole; the whole takes it from its parts. */
  private void relatives(Task task, PowerState target) {
    Node node = task.model();
    String parent = node.parentNode();
    boolean ownSupply = truthy(node.driverInfo().get("has_dedicated_power_supply"));
    if (parent != null && target == PowerState.POWER_ON && !ownSupply) {
      other(task, parent, PowerState.POWER_ON, "the parent node");
    }
    if (target == PowerState.POWER_OFF) {
      for (Node child : tasks.store().nodes().list(Query.where("parentNode", node.uuid()))) {
        if (!truthy(child.driverInfo().get("has_dedicated_power_supply"))) {
          other(task, child.uuid(), PowerState.POWER_OFF, "a child node");
        }
      }
    }
  }

  private void other(Task task, String uuid, PowerState target, String what) {
    try (Task relative = tasks.exclusive(task.context(), uuid, "power of " + what)) {
      switchTo(relative, target, null);
    } catch (IronicException e) {
      if (e.fault() == Fault.NODE_LOCKED) {
        throw new DriverException(
            DriverException.Kind.CONFLICT,
            "Node %s, %s, is locked; try again later".formatted(uuid, what),
            e);
      }
      throw e;
    }
  }

  private static boolean truthy(@Nullable Object value) {
    return value != null
        && (Boolean.TRUE.equals(value) || "true".equalsIgnoreCase(value.toString()));
  }
}
