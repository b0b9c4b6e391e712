package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.PowerState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What users ask of a node's power. Thread-safe. */
final class PowerRequests {

  private final TaskManager tasks;
  private final PowerActions actions;

  PowerRequests(TaskManager tasks, PowerActions actions) {
    this.tasks = tasks;
    this.actions = actions;
  }

  void change(
      RequestContext context, String nodeUuid, String target, @Nullable Integer timeoutSeconds) {
    PowerState wanted =
        PowerState.ofWireName(target)
            .filter(state -> state != PowerState.ERROR)
            .orElseThrow(
                () ->
                    new IronicException(
                        Fault.INVALID_PARAMETER_VALUE,
                        "'%s' is not a power state that can be asked for".formatted(target)));
    try (Task task = tasks.exclusive(context, nodeUuid, "changing node power state")) {
      check(task, wanted);
      Duration timeout = timeoutSeconds == null ? null : Duration.ofSeconds(timeoutSeconds);
      // What a user asks for is a new beginning; what a flow does on the way keeps the error.
      task.handOver(
          "power action",
          () ->
              task.save(
                  node ->
                      PowerActions.asked(
                          node.with(b -> b.targetPowerState(wanted.settled()).lastError(null)),
                          wanted)),
          (worker, asked) -> act(worker, wanted, timeout));
    }
  }

  /** What went wrong is on the node already. */
  private void act(Task task, PowerState wanted, @Nullable Duration timeout) {
    try {
      actions.switchTo(task, wanted, timeout);
    } catch (DriverException e) {
      if (task.model().lastError() == null) {
        throw e;
      }
    }
  }

  private static void check(Task task, PowerState wanted) {
    Node node = task.model();
    if (wanted.turnsOff() && node.staysOn()) {
      throw new IronicException(
          Fault.CONFLICT,
          "Failed to set node power state to %s. Power off is disabled for node %s."
              .formatted(wanted.wireName(), node.uuid()));
    }
    if (node.provisionState().is(ProvisionState.Trait.POWER_LOCKED)) {
      throw new IronicException(
          Fault.INVALID_STATE_REQUESTED,
          "The requested action \"%s\" can not be performed on node \"%s\" while it is in state \"%s\"."
              .formatted(wanted.wireName(), node.uuid(), node.provisionState().wireName()));
    }
    try {
      if (!task.power().supportedPowerStates(task).contains(wanted)) {
        throw DriverException.invalid(
            "The driver %s does not support the power state %s"
                .formatted(node.driver(), wanted.wireName()));
      }
      task.power().validate(task);
    } catch (DriverException e) {
      throw IronicException.of(e);
    }
  }
}
