package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.model.FlowKind;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.states.ProvisionEvent;
import dev.ironic.core.states.ProvisionMachine;
import dev.ironic.driver.InspectInterface;
import dev.ironic.driver.StepResult;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Inspection: finding out what a machine is made of. Thread-safe. */
final class InspectionOperations {

  private final NodeWork work;
  private final FlowEngine engine;
  private final InspectPlan plan;
  private final boolean discovery;
  private final Clock clock;

  /**
   * Creates the operations.
   *
   * @param discovery whether data of enrolled nodes, as made for unknown machines, are taken
   */
  InspectionOperations(
      NodeWork work, FlowEngine engine, InspectPlan plan, boolean discovery, Clock clock) {
    this.work = work;
    this.engine = engine;
    this.plan = plan;
    this.discovery = discovery;
    this.clock = clock;
  }

  /** Starts an inspection. */
  void inspect(RequestContext context, String nodeUuid) {
    work.locked(
        context,
        nodeUuid,
        "hardware inspection",
        task -> {
          requirePossible(task.model());
          task.power().validate(task);
          task.driver(InspectInterface.class).validate(task);
          // An agent of an earlier flow must not be taken for the one that is about to be booted.
          engine.begin(
              task,
              ProvisionEvent.INSPECT,
              null,
              FlowKind.INSPECT,
              Map.of(),
              AgentKeys::forget,
              "inspect_hardware");
        });
  }

  /**
   * Takes the data of the ramdisk.
   *
   * @throws IronicException NOT_FOUND when nobody waits for them; it says no more, since the caller
   *     has not proved who it is
   */
  void resume(
      RequestContext context,
      String nodeUuid,
      Map<String, @Nullable Object> inventory,
      Map<String, @Nullable Object> pluginData) {
    work.locked(
        context,
        nodeUuid,
        "continue inspection",
        task -> {
          ProvisionState state = task.model().provisionState();
          if (state == ProvisionState.INSPECT_WAIT) {
            engine.deliver(task, InspectPlan.posted(inventory, pluginData), "continue_inspection");
          } else if (state == ProvisionState.ENROLL && discovery) {
            task.handOver("continue_inspection", moved -> discover(moved, inventory, pluginData));
          } else {
            throw new IronicException(Fault.NOT_FOUND, "Resource could not be found.");
          }
        });
  }

  /** A machine that nobody asked about stays enrolled, whatever it says. */
  private void discover(
      Task task,
      Map<String, @Nullable Object> inventory,
      Map<String, @Nullable Object> pluginData) {
    StepResult result = plan.takeData(task, inventory, pluginData, clock.instant());
    if (result instanceof StepResult.Failed failed) {
      task.fail(plan.eventType(), failed.reason());
    }
    task.save(AgentKeys::forget);
  }

  private static void requirePossible(Node node) {
    if (ProvisionMachine.next(node.provisionState(), ProvisionEvent.INSPECT).isEmpty()) {
      throw new IronicException(
          Fault.INVALID_STATE_REQUESTED,
          ("The requested action \"inspect\" can not be performed on node \"%s\" while it is in"
                  + " state \"%s\".")
              .formatted(node.uuid(), node.provisionState().wireName()));
    }
  }
}
