package dev.ironic.core.conductor;

import dev.ironic.core.model.FlowStep;
import dev.ironic.core.model.Node;
import dev.ironic.core.states.ProvisionEvent;
import dev.ironic.core.states.ProvisionMachine;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.Step;
import dev.ironic.driver.StepKind;
import dev.ironic.driver.StepResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deployment and rebuild: prepare, find the steps, run them. */
final class DeployPlan implements FlowPlan {

  private static final Logger LOG = LoggerFactory.getLogger(DeployPlan.class);
  private static final String PREPARE = "prepare";
  private static final String COLLECT = "collect_steps";
  private static final String VALIDATED = "steps_validated";

  private final StepCatalog catalog;
  private final ConductorOptions options;
  private final FastTrack fastTrack;
  private final LongSupplier conductorId;

  DeployPlan(StepCatalog catalog, ConductorOptions options, LongSupplier conductorId) {
    this.catalog = catalog;
    this.options = options;
    this.fastTrack = new FastTrack(options);
    this.conductorId = conductorId;
  }

  @Override
  public List<FlowStep> opening(Node node, Map<String, @Nullable Object> context) {
    return List.of(FlowRun.own(PREPARE), FlowRun.own(COLLECT));
  }

  @Override
  public StepResult execute(FlowRun run, FlowStep step) {
    return switch (step.step()) {
      case PREPARE -> prepare(run.task());
      case COLLECT -> collect(run);
      default -> throw new IllegalStateException("No step " + step.step() + " in deployment");
    };
  }

  private static StepResult prepare(Task task) {
    try {
      return task.deploy().prepare(task);
    } catch (RuntimeException e) {
      Failures.rethrowIfLockLost(e);
      throw Failures.because("Failed to prepare to deploy: ", e);
    }
  }

  @Override
  public StepResult probe(FlowRun run, FlowStep step) {
    return step.step().equals(PREPARE)
        ? run.task().deploy().agentReady(run.task(), StepKind.DEPLOY)
        : StepResult.done();
  }

  private StepResult collect(FlowRun run) {
    Task task = run.task();
    boolean agentIsUp = task.node().internalText(AgentKeys.URL).isPresent();
    List<Step> steps;
    try {
      steps = catalog.deployment(task, agentIsUp);
    } catch (RuntimeException e) {
      Failures.rethrowIfLockLost(e);
      return StepResult.failed("Cannot get the deploy steps: " + TaskManager.reason(e));
    }
    if (steps.isEmpty()) {
      return StepResult.failed(
          "Node %s has no deploy steps; its deploy interface %s offers none"
              .formatted(task.model().uuid(), task.node().interfaceName(InterfaceKind.DEPLOY)));
    }
    plan(run, steps, agentIsUp);
    if (options.recordStepFlowsInHistory()) {
      task.history(
          "deployment_start", false, "Starting deployment with steps=" + shown(task.model()));
    }
    return StepResult.done();
  }

  private static String shown(Node node) {
    return WireText.of(node.driverInternalInfo().get(StepTrack.DEPLOY.stepsKey()));
  }

  private void plan(FlowRun run, List<Step> steps, boolean validated) {
    List<FlowStep> behind = run.driverStepsBehind();
    var rest = new ArrayList<Step>();
    for (Step step : steps) {
      boolean ran =
          behind.stream()
              .anyMatch(
                  done ->
                      done.interfaceName().equals(step.interfaceKind().wireName())
                          && done.step().equals(step.name()));
      if (!ran) {
        rest.add(step);
      }
    }
    var wire = new ArrayList<Map<String, @Nullable Object>>();
    behind.forEach(done -> wire.add(StepCatalog.wire(StepKind.DEPLOY, FlowRun.step(done), false)));
    rest.forEach(step -> wire.add(StepCatalog.wire(StepKind.DEPLOY, step, false)));
    run.task()
        .save(
            node -> {
              Map<String, @Nullable Object> internal =
                  NodeChange.put(
                      node.driverInternalInfo(), StepTrack.DEPLOY.stepsKey(), List.copyOf(wire));
              return node.withDriverInternalInfo(
                      validated ? NodeChange.put(internal, VALIDATED, true) : internal)
                  .with(b -> b.conductorAffinity(conductorId.getAsLong()));
            });
    run.replaceRest(rest.stream().map(FlowRun::planned).toList());
  }

  /** The agent may offer steps that nobody knew before it ran. */
  @Override
  public void driverStepDone(FlowRun run, boolean waited) {
    Task task = run.task();
    boolean agentIsUp = task.node().internalText(AgentKeys.URL).isPresent();
    boolean validated = Boolean.TRUE.equals(task.model().driverInternalInfo().get(VALIDATED));
    if (waited && agentIsUp && !validated) {
      plan(run, catalog.deployment(task, true), true);
    }
  }

  @Override
  public void stepFailed(FlowRun run, FlowStep step) {
    if (options.recordStepFlowsInHistory()) {
      run.task()
          .history(
              "deployment_end",
              true,
              "Deployment aborted at step '%s' with steps=%s"
                  .formatted(step.step(), shown(run.node())));
    }
  }

  @Override
  public Node finished(FlowRun run, Node node) {
    if (options.recordStepFlowsInHistory()) {
      run.task()
          .history(
              "deployment_end",
              false,
              "Deployment completed successfully with steps=" + shown(node));
    }
    Node wiped = fastTrack.afterFlow(run.task(), StepTrack.DEPLOY.wiped(node));
    return StateChange.plain(wiped, ProvisionEvent.DONE, null);
  }

  @Override
  public void cleanUp(FlowRun run, Ending ending) {
    Task task = run.task();
    boolean agentRan = task.node().internalText(AgentKeys.URL).isPresent();
    try {
      task.deploy().cleanUp(task);
    } finally {
      if (ending == Ending.FAILURE
          && agentRan
          && options.powerOffAfterDeployFailure()
          && !task.model().staysOn()) {
        LOG.info("Powering the node off after a failed deployment");
        task.powerAction(PowerState.POWER_OFF);
      }
    }
  }

  @Override
  public Node failed(FlowRun run, Node node, Ending ending, String reason) {
    Node wiped = AgentKeys.forget(StepTrack.DEPLOY.wiped(node)).with(b -> b.lastError(reason));
    return ProvisionMachine.next(wiped.provisionState(), ProvisionEvent.FAIL).isPresent()
        ? StateChange.plain(wiped, ProvisionEvent.FAIL, null)
        : wiped;
  }

  @Override
  public StepTrack track() {
    return StepTrack.DEPLOY;
  }

  @Override
  public String eventType() {
    return "deploying";
  }
}
