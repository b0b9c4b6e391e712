package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.FlowKind;
import dev.ironic.core.model.FlowStep;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.states.ProvisionEvent;
import dev.ironic.core.states.ProvisionMachine;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.Step;
import dev.ironic.driver.StepKind;
import dev.ironic.driver.StepResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cleaning, automated or as a user wants it, and servicing: get the ramdisk up, find the steps, run
 * them, leave.
 */
final class CleanPlan implements FlowPlan {

  /** Key of the flow: the steps that the user gave. */
  static final String STEPS = "steps";

  /** Key of the flow: whether to do without the ramdisk. */
  static final String DISABLE_RAMDISK = "disable_ramdisk";

  /** Key of the flow: whether it counts as begun although no step of a driver ran. */
  private static final String BEGUN = "begun";

  private static final Logger LOG = LoggerFactory.getLogger(CleanPlan.class);
  private static final String PREPARE = "prepare";
  private static final String COLLECT = "collect_steps";
  private static final String TEAR_DOWN = "tear_down";

  private final FlowKind kind;
  private final StepTrack track;
  private final StepCatalog catalog;
  private final ConductorOptions options;
  private final FastTrack fastTrack;

  CleanPlan(FlowKind kind, StepCatalog catalog, ConductorOptions options) {
    this.kind = kind;
    this.track = kind == FlowKind.SERVICE ? StepTrack.SERVICE : StepTrack.CLEAN;
    this.catalog = catalog;
    this.options = options;
    this.fastTrack = new FastTrack(options);
  }

  @Override
  public List<FlowStep> opening(Node node, Map<String, @Nullable Object> context) {
    if (kind == FlowKind.AUTOMATED_CLEAN && !automatedCleaning(node)) {
      return List.of();
    }
    return Boolean.TRUE.equals(context.get(DISABLE_RAMDISK))
        ? List.of(FlowRun.own(COLLECT))
        : List.of(FlowRun.own(PREPARE), FlowRun.own(COLLECT));
  }

  private boolean automatedCleaning(Node node) {
    Boolean own = node.automatedClean();
    return own == null ? options.automatedClean() : own;
  }

  @Override
  public StepResult execute(FlowRun run, FlowStep step) {
    return switch (step.step()) {
      case PREPARE -> prepare(run);
      case COLLECT -> collect(run);
      case TEAR_DOWN -> {
        Task task = run.task();
        task.deploy().tearDownSteps(task, track.kind());
        NodeCaches.refresh(task);
        yield StepResult.done();
      }
      default -> throw new IllegalStateException("No step " + step.step() + " in " + kind);
    };
  }

  private StepResult prepare(FlowRun run) {
    Task task = run.task();
    if (kind == FlowKind.AUTOMATED_CLEAN
        && task.model().maintenance()
        && !options.allowProvisioningInMaintenance()) {
      return StepResult.failed(
          "Cleaning a node in maintenance is not allowed; set maintenance to false, then manage and"
              + " provide the node");
    }
    try {
      task.power().validate(task);
      task.network().validate(task);
    } catch (RuntimeException e) {
      Failures.rethrowIfLockLost(e);
      return StepResult.failed(
          "Failed to validate power or network driver interface for node %s: %s"
              .formatted(task.model().uuid(), TaskManager.reason(e)));
    }
    NodeCaches.refresh(task);
    try {
      return task.deploy().prepareSteps(task, track.kind());
    } catch (RuntimeException e) {
      Failures.rethrowIfLockLost(e);
      throw Failures.because(
          "Failed to prepare node %s for %s: ".formatted(task.model().uuid(), track.noun()), e);
    }
  }

  @Override
  public StepResult probe(FlowRun run, FlowStep step) {
    return step.step().equals(PREPARE)
        ? run.task().deploy().agentReady(run.task(), track.kind())
        : StepResult.done();
  }

  private StepResult collect(FlowRun run) {
    Task task = run.task();
    boolean byUser = kind != FlowKind.AUTOMATED_CLEAN;
    List<Step> steps;
    try {
      steps =
          byUser
              ? catalog
                  .chosen(
                      task,
                      track.kind(),
                      StepCatalog.maps(run.value(STEPS)),
                      run.flag(DISABLE_RAMDISK),
                      true)
                  .stream()
                  .flatMap(Optional::stream)
                  .toList()
              : catalog.automatic(task, StepKind.CLEAN);
    } catch (IronicException e) {
      if (e.fault() == Fault.LOCK_LOST) {
        throw e;
      }
      if (kind == FlowKind.SERVICE && !run.flag(DISABLE_RAMDISK)) {
        servicingRefused(run);
      }
      return StepResult.failed(TaskManager.reason(e));
    }
    var rest = new ArrayList<FlowStep>();
    steps.forEach(step -> rest.add(FlowRun.planned(step)));
    if (!run.flag(DISABLE_RAMDISK)) {
      rest.add(FlowRun.own(TEAR_DOWN));
    }
    run.replaceRest(rest);
    List<Map<String, @Nullable Object>> shown =
        steps.stream().map(step -> StepCatalog.wire(track.kind(), step, byUser)).toList();
    task.update(node -> node.internal(track.stepsKey(), shown));
    tellStart(task, shown);
    return StepResult.done();
  }

  /**
   * What servicing does not know it may still find on the ramdisk, so it counts as begun when the
   * ramdisk does not know it either.
   */
  private void servicingRefused(FlowRun run) {
    List<Map<String, @Nullable Object>> wanted = StepCatalog.maps(run.value(STEPS));
    tellStart(run.task(), wanted);
    tellAbort(run.task(), String.valueOf(wanted.getFirst().get("step")), wanted);
    run.keep(BEGUN, true);
  }

  private void tellStart(Task task, List<Map<String, @Nullable Object>> steps) {
    if (options.recordStepFlowsInHistory()) {
      task.history(
          flowName() + "_start",
          false,
          "Starting %s with steps=%s".formatted(flowName().replace('_', ' '), WireText.of(steps)));
    }
  }

  private void tellAbort(Task task, String step, @Nullable Object steps) {
    if (options.recordStepFlowsInHistory()) {
      task.history(
          flowName() + "_end",
          true,
          "%s aborted at step '%s' with steps=%s".formatted(flowTitle(), step, WireText.of(steps)));
    }
  }

  @Override
  public void stepFailed(FlowRun run, FlowStep step) {
    tellAbort(run.task(), step.step(), run.node().driverInternalInfo().get(track.stepsKey()));
  }

  private String flowName() {
    return switch (kind) {
      case AUTOMATED_CLEAN -> "automated_cleaning";
      case MANUAL_CLEAN -> "manual_cleaning";
      default -> "servicing";
    };
  }

  private String flowTitle() {
    return switch (kind) {
      case AUTOMATED_CLEAN -> "Automated Cleaning";
      case MANUAL_CLEAN -> "Manual Cleaning";
      default -> "Servicing";
    };
  }

  @Override
  public Node finished(FlowRun run, Node node) {
    boolean cleaned = !run.flow().steps().isEmpty();
    if (cleaned && options.recordStepFlowsInHistory()) {
      run.task()
          .history(
              flowName() + "_end", false, flowTitle() + " completed successfully with steps=[]");
    }
    Node wiped = cleaned ? fastTrack.afterFlow(run.task(), track.wiped(node)) : node;
    boolean toManageable =
        kind == FlowKind.MANUAL_CLEAN
            || (kind == FlowKind.AUTOMATED_CLEAN && cleaned && node.retired());
    return StateChange.plain(
        wiped, toManageable ? ProvisionEvent.MANAGE : ProvisionEvent.DONE, null);
  }

  @Override
  public void cleanUp(FlowRun run, Ending ending) {
    Task task = run.task();
    if (!run.flag(DISABLE_RAMDISK)) {
      task.deploy().tearDownSteps(task, track.kind());
    }
    boolean off =
        kind == FlowKind.SERVICE ? options.poweroffInServicefail() : options.poweroffInCleanfail();
    if (off && !task.model().staysOn()) {
      try {
        task.powerAction(PowerState.POWER_OFF);
      } catch (RuntimeException e) {
        Failures.rethrowIfLockLost(e);
        LOG.warn(
            "The node cannot be powered off after failed {}: {}", track.noun(), e.getMessage());
      }
    }
  }

  @Override
  public Node failed(FlowRun run, Node node, Ending ending, String reason) {
    boolean began = ending != Ending.ABORT && (!track.step(node).isEmpty() || run.flag(BEGUN));
    Node wiped = AgentKeys.forget(track.wiped(node)).with(b -> b.lastError(reason));
    if (began) {
      wiped =
          wiped.with(
              b ->
                  b.maintenance(true)
                      .maintenanceReason(
                          node.maintenanceReason() == null ? reason : node.maintenanceReason())
                      .fault(kind == FlowKind.SERVICE ? "service failure" : "clean failure"));
    }
    if (ProvisionMachine.next(wiped.provisionState(), ProvisionEvent.FAIL).isPresent()) {
      wiped = StateChange.plain(wiped, ProvisionEvent.FAIL, target());
    }
    boolean backToWork =
        kind == FlowKind.SERVICE
            && ending == Ending.ABORT
            && !run.flag(FlowEngine.ABORT_AFTER)
            && wiped.provisionState() == ProvisionState.SERVICE_FAILED;
    return backToWork ? StateChange.plain(wiped, ProvisionEvent.ABORT, null) : wiped;
  }

  @Override
  public @Nullable ProvisionState target() {
    return kind == FlowKind.MANUAL_CLEAN ? ProvisionState.MANAGEABLE : null;
  }

  @Override
  public StepTrack track() {
    return track;
  }

  @Override
  public String eventType() {
    return track.noun();
  }
}
