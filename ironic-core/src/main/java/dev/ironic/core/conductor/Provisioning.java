package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.model.FlowKind;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.states.ProvisionEvent;
import dev.ironic.core.states.ProvisionMachine;
import dev.ironic.core.states.ProvisionVerb;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.InspectInterface;
import dev.ironic.driver.StepKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What users ask of a node's provision state, but for deployment and rescue. Thread-safe. */
final class Provisioning {

  private final TaskManager tasks;
  private final FlowEngine engine;
  private final StepCatalog catalog;
  private final Limits limits;

  Provisioning(TaskManager tasks, FlowEngine engine, StepCatalog catalog, Limits limits) {
    this.tasks = tasks;
    this.engine = engine;
    this.catalog = catalog;
    this.limits = limits;
  }

  /** Does manage, provide, abort, adopt or unhold. */
  void act(RequestContext context, String nodeUuid, String wireVerb) {
    ProvisionVerb verb =
        ProvisionVerb.ofWireName(wireVerb).orElseThrow(() -> notUnderstood(wireVerb, nodeUuid));
    try (Task task = tasks.exclusive(context, nodeUuid, "provision action " + wireVerb)) {
      switch (verb) {
        case MANAGE -> manage(task);
        case PROVIDE -> provide(task);
        case ABORT -> abort(task);
        case ADOPT -> {
          check(task.model(), verb);
          begin(task, ProvisionEvent.ADOPT, FlowKind.ADOPT, "adoption");
        }
        case UNHOLD -> {
          check(task.model(), verb);
          task.transition(ProvisionEvent.UNHOLD, task.model().targetProvisionState());
          task.resume();
        }
        case ACTIVE,
            DEPLOY,
            REBUILD,
            DELETED,
            UNDEPLOY,
            INSPECT,
            CLEAN,
            RESCUE,
            UNRESCUE,
            SERVICE ->
            throw notUnderstood(wireVerb, nodeUuid);
      }
    }
  }

  private static IronicException notUnderstood(String verb, String nodeUuid) {
    return new IronicException(
        Fault.INVALID_STATE_REQUESTED,
        "The requested action \"%s\" can not be performed on node \"%s\": the action could not be understood."
            .formatted(verb, nodeUuid));
  }

  /** Refuses a verb that is not possible in the node's state. */
  static void check(Node node, ProvisionVerb verb) {
    if (ProvisionMachine.next(node.provisionState(), verb.event()).isEmpty()) {
      throw new IronicException(
          Fault.INVALID_STATE_REQUESTED,
          "The requested action \"%s\" can not be performed on node \"%s\" while it is in state \"%s\"."
              .formatted(verb.wireName(), node.uuid(), node.provisionState().wireName()));
    }
  }

  /** Refuses work on a node in maintenance. */
  static void checkMaintenance(Node node, String operation) {
    if (node.maintenance()) {
      throw new IronicException(
          Fault.NODE_IN_MAINTENANCE,
          "The %s operation can't be performed on node %s because it's in maintenance mode."
              .formatted(operation, node.uuid()));
    }
  }

  private void begin(Task task, ProvisionEvent event, FlowKind kind, String what) {
    engine.begin(task, event, null, kind, Map.of(), UnaryOperator.identity(), what);
  }

  private void manage(Task task) {
    check(task.model(), ProvisionVerb.MANAGE);
    if (task.model().provisionState() == ProvisionState.ENROLL) {
      begin(task, ProvisionEvent.MANAGE, FlowKind.VERIFY, "verification");
    } else {
      task.transition(ProvisionEvent.MANAGE);
    }
  }

  private void provide(Task task) {
    Node node = task.model();
    check(node, ProvisionVerb.PROVIDE);
    if (!tasks.options().allowProvisioningInMaintenance()) {
      checkMaintenance(node, "providing");
    }
    if (node.retired()) {
      throw new IronicException(
          Fault.NODE_IS_RETIRED,
          "Node %s is retired and cannot be provided. Set retired to false first."
              .formatted(node.uuid()));
    }
    begin(task, ProvisionEvent.PROVIDE, FlowKind.AUTOMATED_CLEAN, "automated cleaning");
  }

  private void abort(Task task) {
    Node node = task.model();
    check(node, ProvisionVerb.ABORT);
    if (node.provisionState() == ProvisionState.SERVICE_FAILED) {
      if (node.maintenance()) {
        throw new IronicException(
            Fault.INVALID_STATE,
            "Node %s is in maintenance; set maintenance to false before aborting"
                .formatted(node.uuid()));
      }
      task.transition(ProvisionEvent.ABORT);
      return;
    }
    Optional<StepTrack> track = trackOf(node.provisionState());
    if (track.isPresent()) {
      Map<String, @Nullable Object> step = track.get().step(node);
      if (!step.isEmpty() && !Boolean.TRUE.equals(step.get("abortable"))) {
        Map<String, @Nullable Object> marked = new LinkedHashMap<>(step);
        marked.put("abort_after", true);
        task.save(current -> track.get().withStep(current, marked));
        return;
      }
    }
    if (node.provisionState() == ProvisionState.INSPECT_WAIT) {
      abortOnHardware(task);
    }
    engine.abort(task);
  }

  /** An inspection that cannot be aborted goes on; the user is told in the answer. */
  private static void abortOnHardware(Task task) {
    try {
      task.driver(InspectInterface.class).abort(task);
    } catch (DriverException e) {
      throw IronicException.of(e);
    }
  }

  private static Optional<StepTrack> trackOf(ProvisionState state) {
    return switch (state) {
      case CLEAN_WAIT, CLEAN_HOLD -> Optional.of(StepTrack.CLEAN);
      case WAIT_CALL_BACK, DEPLOY_HOLD -> Optional.of(StepTrack.DEPLOY);
      case SERVICE_WAIT, SERVICE_HOLD -> Optional.of(StepTrack.SERVICE);
      default -> Optional.empty();
    };
  }

  /** Cleans with the steps given. */
  void clean(
      RequestContext context,
      String nodeUuid,
      List<Map<String, @Nullable Object>> steps,
      boolean disableRamdisk) {
    limits.checkCleaning();
    withSteps(
        context,
        nodeUuid,
        new Stepped(
            ProvisionVerb.CLEAN,
            StepKind.CLEAN,
            FlowKind.MANUAL_CLEAN,
            ProvisionState.MANAGEABLE,
            "cleaning_disable_ramdisk"),
        steps,
        disableRamdisk);
  }

  /** Services with the steps given. */
  void service(
      RequestContext context,
      String nodeUuid,
      List<Map<String, @Nullable Object>> steps,
      boolean disableRamdisk) {
    withSteps(
        context,
        nodeUuid,
        new Stepped(
            ProvisionVerb.SERVICE,
            StepKind.SERVICE,
            FlowKind.SERVICE,
            ProvisionState.ACTIVE,
            "service_disable_ramdisk"),
        steps,
        disableRamdisk);
  }

  private record Stepped(
      ProvisionVerb verb, StepKind kind, FlowKind flow, ProvisionState target, String ramdiskKey) {}

  private void withSteps(
      RequestContext context,
      String nodeUuid,
      Stepped what,
      List<Map<String, @Nullable Object>> steps,
      boolean disableRamdisk) {
    try (Task task = tasks.exclusive(context, nodeUuid, what.verb().wireName())) {
      Node node = task.model();
      checkMaintenance(node, what.kind() == StepKind.CLEAN ? "cleaning" : "servicing");
      catalog.checkAllowed(what.kind(), steps);
      validate(task, what);
      check(node, what.verb());
      boolean withoutRamdisk = disableRamdisk || noneNeedsRamdisk(task, what.kind(), steps);
      var flowContext = new LinkedHashMap<String, @Nullable Object>();
      flowContext.put(CleanPlan.STEPS, steps);
      flowContext.put(CleanPlan.DISABLE_RAMDISK, withoutRamdisk);
      engine.begin(
          task,
          what.verb().event(),
          what.target(),
          what.flow(),
          flowContext,
          current ->
              current.withDriverInternalInfo(
                  NodeChange.put(
                      NodeChange.put(
                          current.driverInternalInfo(), what.kind().wireName() + "_steps", steps),
                      what.ramdiskKey(),
                      withoutRamdisk)),
          what.kind() == StepKind.CLEAN ? "manual cleaning" : "servicing");
    }
  }

  private void validate(Task task, Stepped what) {
    try {
      task.power().validate(task);
      task.network().validate(task);
    } catch (RuntimeException e) {
      throw Deployments.refused(
          e,
          Fault.INVALID_PARAMETER_VALUE,
          "Validation of node %s for %s failed: %s"
              .formatted(task.model().uuid(), what.verb().wireName(), TaskManager.reason(e)));
    }
  }

  /** Only when all steps are known can one know that none needs the ramdisk. */
  private boolean noneNeedsRamdisk(
      Task task, StepKind kind, List<Map<String, @Nullable Object>> steps) {
    return catalog.named(task, kind, steps).stream()
        .allMatch(step -> step.isPresent() && !step.get().requiresRamdisk());
  }
}
