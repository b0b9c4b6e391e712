package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.model.FlowKind;
import dev.ironic.core.model.Node;
import dev.ironic.core.states.ProvisionEvent;
import dev.ironic.core.states.ProvisionVerb;
import dev.ironic.driver.RescueInterface;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Rescue and the way back. Thread-safe. */
final class Rescues {

  private final TaskManager tasks;
  private final FlowEngine engine;
  private final PasswordHash hash;

  Rescues(TaskManager tasks, FlowEngine engine, PasswordHash hash) {
    this.tasks = tasks;
    this.engine = engine;
    this.hash = hash;
  }

  void rescue(RequestContext context, String nodeUuid, String password) {
    try (Task task = tasks.exclusive(context, nodeUuid, "rescue")) {
      Provisioning.checkMaintenance(task.model(), "rescuing");
      Provisioning.check(task.model(), ProvisionVerb.RESCUE);
      Node before = task.model();
      String hashed = hash.of(password);
      task.save(
          node ->
              AgentKeys.forget(node)
                  .withInstanceInfo(
                      NodeChange.put(
                          NodeChange.put(node.instanceInfo(), "rescue_password", password),
                          "hashed_rescue_password",
                          hashed)));
      try {
        task.power().validate(task);
        task.driver(RescueInterface.class).validate(task);
        task.network().validateRescue(task);
        engine.begin(
            task,
            ProvisionEvent.RESCUE,
            null,
            FlowKind.RESCUE,
            Map.of(),
            UnaryOperator.identity(),
            "rescue");
      } catch (RuntimeException e) {
        Failures.rethrowIfLockLost(e);
        task.save(RescuePlan::withoutPassword);
        if (e instanceof IronicException busy && busy.fault() == Fault.NO_FREE_CONDUCTOR_WORKER) {
          throw e;
        }
        throw new IronicException(
            Fault.INSTANCE_RESCUE_FAILURE,
            "Failed to rescue instance %s on node %s: %s"
                .formatted(before.instanceUuid(), before.uuid(), TaskManager.reason(e)),
            e);
      }
    }
  }

  void unrescue(RequestContext context, String nodeUuid) {
    try (Task task = tasks.exclusive(context, nodeUuid, "unrescue")) {
      Provisioning.checkMaintenance(task.model(), "unrescuing");
      Provisioning.check(task.model(), ProvisionVerb.UNRESCUE);
      try {
        task.power().validate(task);
      } catch (RuntimeException e) {
        throw new IronicException(
            Fault.INSTANCE_UNRESCUE_FAILURE,
            "Failed to unrescue instance %s on node %s: %s"
                .formatted(task.model().instanceUuid(), task.model().uuid(), TaskManager.reason(e)),
            e);
      }
      engine.begin(
          task,
          ProvisionEvent.UNRESCUE,
          null,
          FlowKind.UNRESCUE,
          Map.of(),
          UnaryOperator.identity(),
          "unrescue");
    }
  }
}
