package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.model.Flow;
import dev.ironic.core.model.FlowKind;
import dev.ironic.core.model.FlowStep;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.states.ProvisionEvent;
import dev.ironic.core.states.ProvisionMachine;
import dev.ironic.core.store.Store;
import dev.ironic.driver.Repeat;
import dev.ironic.driver.StepResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs flows. Everything is in the journal before it takes effect, so any conductor can go on with
 * what another began. While a flow waits it costs no thread. Thread-safe.
 */
final class FlowEngine {

  /** Key of the flow: it was aborted at the end of a step that could not be cut short. */
  static final String ABORT_AFTER = "abort_after";

  /** What makes a waiting flow be looked at. */
  enum Cause {
    HEARTBEAT,
    POLL,
    REQUEST,
    RECOVERY
  }

  private static final Logger LOG = LoggerFactory.getLogger(FlowEngine.class);
  private static final String POLL_MILLIS = "poll_millis";

  private final TaskManager tasks;
  private final StepRunner steps;
  private final Map<FlowKind, FlowPlan> plans;
  private final BooleanSupplier leaving;
  private final FlowLooks looks;

  /**
   * Creates an engine.
   *
   * @param leaving whether flows are left to other conductors at the next boundary of a step
   */
  FlowEngine(
      TaskManager tasks,
      Timers timers,
      StepRunner steps,
      Map<FlowKind, FlowPlan> plans,
      BooleanSupplier leaving) {
    this.leaving = leaving;
    this.tasks = tasks;
    this.steps = steps;
    this.plans = plans;
    this.looks = new FlowLooks(tasks, timers, this::goOn, leaving);
  }

  /** Whether flows of this kind can run here. */
  boolean knows(FlowKind kind) {
    return plans.containsKey(kind);
  }

  private FlowPlan plan(FlowRun run) {
    FlowPlan plan = plans.get(run.flow().kind());
    if (plan == null) {
      throw new IllegalStateException("There is no plan for " + run.flow().kind());
    }
    return plan;
  }

  /**
   * Moves a node on, writes the journal of what is to be done, and has a worker do it.
   *
   * @param target where the node is going instead of the usual; null for the usual
   * @param context what the flow needs to know
   * @param change what else is stored with the node
   * @param what the work in words
   * @throws IronicException NO_FREE_CONDUCTOR_WORKER; the node is as before then
   */
  void begin(
      Task task,
      ProvisionEvent event,
      @Nullable ProvisionState target,
      FlowKind kind,
      Map<String, @Nullable Object> context,
      UnaryOperator<Node> change,
      String what) {
    Node moved = StateChange.starting(change.apply(task.model()), event, target);
    task.handOver(
        what,
        () ->
            store()
                .inTransaction(
                    () -> {
                      task.save(node -> moved);
                      return open(task, kind, context);
                    }),
        (worker, flow) -> run(new FlowRun(tasks, worker, flow)));
  }

  private Flow open(Task task, FlowKind kind, Map<String, @Nullable Object> context) {
    List<FlowStep> opening = Objects.requireNonNull(plans.get(kind)).opening(task.model(), context);
    RequestContext asked = task.context();
    return store()
        .flows()
        .open(
            task.lock(),
            new Flow(
                0,
                UUID.randomUUID().toString(),
                task.model().id(),
                kind,
                Flow.State.RUNNING,
                0,
                opening,
                context,
                asked.requestId(),
                asked.user(),
                asked.project(),
                tasks.host(),
                tasks.clock().instant(),
                null,
                null));
  }

  /** Runs a flow, and what follows it, until it ends or waits. */
  private void run(FlowRun first) {
    Optional<FlowRun> run = Optional.of(first);
    while (run.isPresent()) {
      run = advance(run.get());
    }
  }

  private Optional<FlowRun> advance(FlowRun run) {
    FlowPlan plan = plan(run);
    while (!run.atEnd()) {
      if (leaving.getAsBoolean()) {
        run.commit(UnaryOperator.identity());
        LOG.info("{} is left to another conductor", run.flow().kind().wireName());
        return Optional.empty();
      }
      if (!run.current().interfaceName().equals(FlowRun.OWN)
          && run.current().step().equals("hold")) {
        hold(run, plan);
        return Optional.empty();
      }
      if (!settle(run, plan, steps.run(run, plan), false)) {
        return Optional.empty();
      }
    }
    return finish(run, plan);
  }

  /** Deals with what a step answered; false when the flow waits or has ended. */
  private boolean settle(FlowRun run, FlowPlan plan, StepResult answer, boolean waited) {
    StepResult result = answer;
    while (result instanceof StepResult.Waiting waiting && !canWait(run)) {
      Duration delay = waiting.pollAfter();
      result =
          delay == null
              ? StepResult.failed(
                  "Step %s goes on by itself, but %s cannot wait for it"
                      .formatted(run.current().step(), run.flow().kind().wireName()))
              : sleepAndProbe(run, plan, waiting, delay);
    }
    return switch (result) {
      case StepResult.Done done -> stepDone(run, plan, waited);
      case StepResult.Waiting waiting -> {
        park(run, plan, waiting);
        yield false;
      }
      case StepResult.Failed failed -> {
        FlowEnding.early(run, plan, FlowPlan.Ending.FAILURE, failed.reason());
        yield false;
      }
    };
  }

  private StepResult sleepAndProbe(
      FlowRun run, FlowPlan plan, StepResult.Waiting waiting, Duration delay) {
    if (waiting.progress() != null) {
      StepRunner.note(run, waiting.progress());
      store().flows().saveProgress(run.flow());
    }
    run.task().sleep(delay);
    return steps.probe(run, plan);
  }

  private static boolean canWait(FlowRun run) {
    return ProvisionMachine.next(run.node().provisionState(), ProvisionEvent.WAIT).isPresent();
  }

  private boolean stepDone(FlowRun run, FlowPlan plan, boolean waited) {
    FlowStep step = run.current();
    try {
      if (!step.interfaceName().equals(FlowRun.OWN)) {
        plan.driverStepDone(run, waited);
      }
    } catch (IronicException e) {
      Failures.rethrowIfLockLost(e);
      FlowEnding.early(run, plan, FlowPlan.Ending.FAILURE, TaskManager.reason(e));
      return false;
    }
    run.stepDone();
    if (isAbortedAfter(run, plan)) {
      run.keep(ABORT_AFTER, true);
      FlowEnding.early(run, plan, FlowPlan.Ending.ABORT, FlowEnding.abortText(run.flow(), step));
      return false;
    }
    return true;
  }

  private static boolean isAbortedAfter(FlowRun run, FlowPlan plan) {
    StepTrack track = plan.track();
    return track != null && Boolean.TRUE.equals(track.step(run.node()).get("abort_after"));
  }

  private void hold(FlowRun run, FlowPlan plan) {
    run.editStep(step -> step.with(b -> b.state(FlowStep.State.WAITING).startedAt(run.now())));
    run.edit(flow -> flow.with(b -> b.state(Flow.State.WAITING)));
    run.commit(node -> StateChange.plain(node, ProvisionEvent.HOLD, plan.target()));
  }

  /** Rests until somebody reports; from then on the flow costs nothing but its rows. */
  private void park(FlowRun run, FlowPlan plan, StepResult.Waiting waiting) {
    run.editStep(step -> step.with(b -> b.state(FlowStep.State.WAITING)));
    if (waiting.progress() != null) {
      StepRunner.note(run, waiting.progress());
    }
    run.edit(flow -> flow.with(b -> b.state(Flow.State.WAITING)));
    Duration delay = waiting.pollAfter();
    run.keep(POLL_MILLIS, delay == null ? null : delay.toMillis());
    run.commit(node -> StateChange.plain(node, ProvisionEvent.WAIT, plan.target()));
    pollLater(run);
  }

  private void pollLater(FlowRun run) {
    if (run.value(POLL_MILLIS) instanceof Number millis) {
      looks.after(Duration.ofMillis(millis.longValue()), run.node().uuid());
    }
  }

  private Optional<FlowRun> finish(FlowRun run, FlowPlan plan) {
    Task task = run.task();
    Optional<FlowKind> successor = plan.successor(run);
    run.end(Flow.State.DONE, null);
    var next = new AtomicReference<@Nullable Flow>();
    run.commit(
        node -> plan.finished(run, node),
        () -> successor.ifPresent(kind -> next.set(open(task, kind, Map.of()))));
    LOG.info("{} has ended well", run.flow().kind().wireName());
    Flow following = next.get();
    return following == null ? Optional.empty() : Optional.of(new FlowRun(tasks, task, following));
  }

  /** Has a node's flow looked at, on a worker. */
  void resume(String nodeUuid, Cause cause) {
    looks.soon(nodeUuid, cause);
  }

  /** Goes on with the node's flow if it can; the task holds the lock. */
  void goOn(Task task, Cause cause) {
    Optional<Flow> living = store().flows().living(task.model().id());
    if (living.isEmpty()) {
      return;
    }
    var run = new FlowRun(tasks, task, living.get());
    FlowPlan plan = plan(run);
    if (run.flow().state() != Flow.State.WAITING) {
      recover(run, plan);
      return;
    }
    ProvisionState state = task.model().provisionState();
    if (ProvisionMachine.next(state, ProvisionEvent.RESUME).isEmpty()) {
      return;
    }
    if (task.model().maintenance()) {
      pollLater(run);
      return;
    }
    if (cause == Cause.RECOVERY && !canTellByItself(run.flow(), run.node())) {
      return;
    }
    wake(run, plan);
  }

  /** Whether this conductor will look at the node's waiting flow by itself. */
  boolean polls(String nodeUuid) {
    return looks.expects(nodeUuid);
  }

  /** Whether a waiting flow is to be looked at every now and then. */
  static boolean wantsToBePolled(Flow flow) {
    return flow.context().get(POLL_MILLIS) != null;
  }

  /** After a restart, silence is no report: only what can be asked is asked. */
  static boolean canTellByItself(Flow flow, Node node) {
    return wantsToBePolled(flow) || node.driverInternalInfo().get(AgentKeys.URL) != null;
  }

  private void wake(FlowRun run, FlowPlan plan) {
    if (isToRunAgain(run, plan)) {
      run.commit(node -> StateChange.plain(node, ProvisionEvent.RESUME, plan.target()));
      run(run);
      return;
    }
    StepResult result = steps.probe(run, plan);
    switch (result) {
      case StepResult.Done done -> {
        if (stepDone(run, plan, true)) {
          run.edit(flow -> flow.with(b -> b.state(Flow.State.RUNNING)));
          run.commit(node -> StateChange.plain(node, ProvisionEvent.RESUME, plan.target()));
          run(run);
        }
      }
      case StepResult.Waiting waiting -> {
        if (waiting.progress() != null) {
          StepRunner.note(run, waiting.progress());
          store().flows().saveProgress(run.flow());
        }
        Duration delay = waiting.pollAfter();
        run.keep(POLL_MILLIS, delay == null ? null : delay.toMillis());
        pollLater(run);
      }
      case StepResult.Failed failed ->
          FlowEnding.early(run, plan, FlowPlan.Ending.FAILURE, failed.reason());
    }
  }

  private static boolean isToRunAgain(FlowRun run, FlowPlan plan) {
    StepTrack track = plan.track();
    return run.flag(StepRunner.REPEAT)
        || (track != null
            && Boolean.FALSE.equals(run.node().driverInternalInfo().get(track.skipKey())));
  }

  /** Goes on with a flow whose conductor is gone. */
  private void recover(FlowRun run, FlowPlan plan) {
    if (FlowEnding.isNoted(run)) {
      FlowEnding.conclude(run, plan);
      return;
    }
    if (run.node().provisionState().kind() == ProvisionState.Kind.STABLE) {
      run.end(Flow.State.FAILED, "the node is not at work any more");
      run.commit(UnaryOperator.identity());
      return;
    }
    if (run.atEnd()) {
      run(run);
      return;
    }
    FlowStep step = run.current();
    LOG.info(
        "Going on with {} at step {}.{}, {}",
        run.flow().kind().wireName(),
        step.interfaceName(),
        step.step(),
        step.state());
    boolean again =
        switch (step.state()) {
          case PLANNED -> true;
          case INTENDED -> Repeat.valueOf(step.repeat()) == Repeat.IDEMPOTENT;
          case WAITING, DONE, FAILED -> false;
        };
    if (again) {
      run(run);
    } else if (step.state() == FlowStep.State.INTENDED
        && Repeat.valueOf(step.repeat()) == Repeat.NEVER) {
      FlowEnding.early(
          run,
          plan,
          FlowPlan.Ending.FAILURE,
          ("Conductor %s stopped while step %s.%s was running. The step must not run twice; check"
                  + " the machine before trying again")
              .formatted(run.flow().conductor(), step.interfaceName(), step.step()));
    } else if (settle(run, plan, steps.probe(run, plan), true)) {
      run(run);
    }
  }

  /**
   * Ends the node's flow early, on this thread; the task holds the lock. A node that is at work
   * without a journal fails the same way.
   */
  void fail(Task task, FlowPlan.Ending ending, String reason) {
    FlowRun run = livingOrNew(task);
    FlowEnding.early(run, plan(run), ending, reason);
  }

  private FlowRun livingOrNew(Task task) {
    Flow flow =
        store()
            .flows()
            .living(task.model().id())
            .orElseGet(() -> open(task, kindOf(task.model()), Map.of()));
    return new FlowRun(tasks, task, flow);
  }

  private static FlowKind kindOf(Node node) {
    return FlowKind.of(node.provisionState(), node.targetProvisionState())
        .orElseThrow(
            () ->
                new IronicException(
                    Fault.INVALID_STATE,
                    "Node %s is in state %s, in which nothing can be ended"
                        .formatted(node.uuid(), node.provisionState().wireName())));
  }

  /**
   * Ends the node's flow as a user wants: the state at once, the clean-up on a worker.
   *
   * @throws IronicException NO_FREE_CONDUCTOR_WORKER; node and flow are as before then
   */
  void abort(Task task) {
    task.handOver(
        "abort",
        () -> store().inTransaction(() -> aborted(task)),
        (worker, flow) -> {
          var run = new FlowRun(tasks, worker, flow);
          FlowEnding.conclude(run, plan(run));
        });
  }

  private Flow aborted(Task task) {
    FlowRun run = livingOrNew(task);
    FlowPlan plan = plan(run);
    String reason =
        FlowEnding.abortText(
            run.flow(), plan.track() == StepTrack.DEPLOY && !run.atEnd() ? run.current() : null);
    FlowEnding.note(run, FlowPlan.Ending.ABORT, reason);
    run.edit(flow -> flow.with(b -> b.state(Flow.State.RUNNING)));
    run.commit(
        node ->
            StateChange.plain(node, ProvisionEvent.ABORT, plan.target())
                .with(b -> b.lastError(reason)));
    return run.flow();
  }

  /**
   * Gives a waiting flow what it waits for: the node moves on before this returns, and a worker
   * runs the waiting step again, which finds the values in the flow.
   *
   * @throws IronicException NO_FREE_CONDUCTOR_WORKER; node and flow are as before then
   */
  void deliver(Task task, Map<String, @Nullable Object> values, String what) {
    task.handOver(
        what,
        () -> store().inTransaction(() -> delivered(task, values)),
        (worker, flow) -> run(new FlowRun(tasks, worker, flow)));
  }

  private Flow delivered(Task task, Map<String, @Nullable Object> values) {
    FlowRun run = livingOrNew(task);
    FlowPlan plan = plan(run);
    values.forEach(run::keep);
    run.edit(flow -> flow.with(b -> b.state(Flow.State.RUNNING)));
    run.editStep(step -> step.with(b -> b.state(FlowStep.State.INTENDED)));
    run.commit(node -> StateChange.starting(node, ProvisionEvent.RESUME, plan.target()));
    return run.flow();
  }

  private Store store() {
    return tasks.store();
  }
}
