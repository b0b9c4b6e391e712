package dev.ironic.core.conductor;

import dev.ironic.core.model.Flow;
import dev.ironic.core.model.FlowStep;
import dev.ironic.core.model.Node;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.Repeat;
import dev.ironic.driver.StepProgress;
import dev.ironic.driver.StepResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs and probes single steps, and tells in the journal how far they are. Thread-safe. */
final class StepRunner {

  /** Key of the flow: the step at the cursor is to run again, not to be probed. */
  static final String REPEAT = "repeat_step";

  private static final Logger LOG = LoggerFactory.getLogger(StepRunner.class);
  private static final Duration PROGRESS_SPACING = Duration.ofSeconds(2);

  /** Key of the flow: since when what the step needs does not answer, in milliseconds. */
  private static final String SILENT_SINCE = "silent_since";

  private static final Duration TRY_AGAIN = Duration.ofSeconds(5);

  private final Map<Long, FlowRun> running = new ConcurrentHashMap<>();
  private final Map<Long, Instant> progressWritten = new ConcurrentHashMap<>();
  private final Duration patience;
  private volatile boolean stopping;

  /**
   * Creates a runner.
   *
   * @param patience for how long a step is tried again while the machine's controller or its agent
   *     does not answer; zero to fail at once
   */
  StepRunner(Duration patience) {
    this.patience = patience;
  }

  /** From now on, steps that are cut short do not count as failed. */
  void stop() {
    stopping = true;
  }

  /** Stores that the step at the cursor is about to run, and runs it. */
  StepResult run(FlowRun run, FlowPlan plan) {
    if (stopping) {
      throw new StoppedException(String.valueOf(run.flow().kind()));
    }
    run.edit(flow -> flow.with(b -> b.state(Flow.State.RUNNING)));
    run.keep(REPEAT, null);
    run.editStep(
        step ->
            step.with(
                b ->
                    b.state(FlowStep.State.INTENDED)
                        .message(null)
                        .startedAt(step.startedAt() == null ? run.now() : step.startedAt())));
    FlowStep step = run.current();
    run.commit(node -> show(run, plan, node));
    LOG.info(
        "Running {} step {}.{}", run.flow().kind().wireName(), step.interfaceName(), step.step());
    return guarded(run, plan, false, () -> execute(run, plan, step));
  }

  /** Asks how far the step at the cursor is. */
  StepResult probe(FlowRun run, FlowPlan plan) {
    FlowStep step = run.current();
    return guarded(
        run,
        plan,
        true,
        () -> {
          StepTrack track = plan.track();
          if (step.interfaceName().equals(FlowRun.OWN)) {
            return plan.probe(run, step);
          }
          if (track == null || StepCatalog.reserved(step.step())) {
            return StepResult.done();
          }
          var driverStep = FlowRun.step(step);
          return run.task()
              .driver(driverStep.interfaceKind())
              .probeStep(run.task(), track.kind(), driverStep);
        });
  }

  private interface Action {
    StepResult run();
  }

  private StepResult guarded(FlowRun run, FlowPlan plan, boolean probing, Action action) {
    FlowStep step = run.current();
    running.put(run.node().id(), run);
    try {
      StepResult result = action.run();
      run.keep(SILENT_SINCE, null);
      return result;
    } catch (RuntimeException e) {
      Failures.rethrowIfLockLost(e);
      if (stopping) {
        throw new StoppedException(step.interfaceName() + "." + step.step());
      }
      if (isToBeRepeated(run, plan, e)) {
        LOG.info("Step {} is tried again later: {}", step.step(), e.getMessage());
        run.keep(REPEAT, true);
        return StepResult.waiting();
      }
      if (mayAnswerAgain(run, plan, step, e)) {
        LOG.warn(
            "Step {}.{} is tried again soon: {}",
            step.interfaceName(),
            step.step(),
            e.getMessage());
        if (!probing && Repeat.valueOf(step.repeat()) == Repeat.IDEMPOTENT) {
          run.keep(REPEAT, true);
        }
        return StepResult.pollAfter(TRY_AGAIN, StepProgress.of(TaskManager.reason(e)));
      }
      LOG.warn(
          "Step {}.{} failed: {}",
          step.interfaceName(),
          step.step(),
          e.getMessage(),
          Failures.trace(e));
      if (!probing && !step.interfaceName().equals(FlowRun.OWN)) {
        plan.stepFailed(run, step);
      }
      return StepResult.failed(
          step.interfaceName().equals(FlowRun.OWN)
              ? TaskManager.reason(e)
              : "Node %s failed %s step %s.%s: %s"
                  .formatted(
                      run.node().uuid(),
                      run.flow().kind().wireName(),
                      step.interfaceName(),
                      step.step(),
                      TaskManager.reason(e)));
    } finally {
      running.remove(run.node().id());
      progressWritten.remove(run.node().id());
    }
  }

  /** A busy agent, or one that restarts as the step wanted, is no failure. */
  private static boolean isToBeRepeated(FlowRun run, FlowPlan plan, RuntimeException e) {
    StepTrack track = plan.track();
    if (track == null || !(e instanceof DriverException driver)) {
      return false;
    }
    return driver.kind() == DriverException.Kind.AGENT_BUSY
        || (driver.kind() == DriverException.Kind.UNREACHABLE
            && Boolean.TRUE.equals(run.node().driverInternalInfo().get(track.rebootKey())));
  }

  /** A controller that restarts is back after a while, and its machine has lost nothing by it. */
  private boolean mayAnswerAgain(FlowRun run, FlowPlan plan, FlowStep step, RuntimeException e) {
    if (plan.track() == null
        || Repeat.valueOf(step.repeat()) == Repeat.NEVER
        || !(e instanceof DriverException driver)
        || driver.kind() != DriverException.Kind.UNREACHABLE) {
      return false;
    }
    Instant now = run.now();
    Instant since =
        run.value(SILENT_SINCE) instanceof Number millis
            ? Instant.ofEpochMilli(millis.longValue())
            : now;
    run.keep(SILENT_SINCE, since.toEpochMilli());
    return now.isBefore(since.plus(patience));
  }

  private static StepResult execute(FlowRun run, FlowPlan plan, FlowStep step) {
    if (step.interfaceName().equals(FlowRun.OWN)) {
      return plan.execute(run, step);
    }
    Task task = run.task();
    if (StepCatalog.reserved(step.step())) {
      return reserved(task, step);
    }
    StepTrack track = plan.track();
    if (track == null) {
      throw new IllegalStateException(run.flow().kind() + " has no steps of drivers");
    }
    var driverStep = FlowRun.step(step);
    return task.driver(driverStep.interfaceKind()).executeStep(task, track.kind(), driverStep);
  }

  private static StepResult reserved(Task task, FlowStep step) {
    switch (step.step()) {
      case "power_on" -> task.powerAction(PowerState.POWER_ON);
      case "power_off" -> task.powerAction(PowerState.POWER_OFF);
      case "reboot" -> task.powerAction(PowerState.REBOOT);
      case "wait" -> {
        return step.args().get("seconds") instanceof Number seconds
            ? StepResult.pollAfter(Duration.ofSeconds(seconds.longValue()), null)
            : StepResult.waiting();
      }
      default -> throw new IllegalStateException("Step " + step.step() + " is not reserved");
    }
    return StepResult.done();
  }

  private static Node show(FlowRun run, FlowPlan plan, Node node) {
    StepTrack track = plan.track();
    if (track == null || run.current().interfaceName().equals(FlowRun.OWN)) {
      return node;
    }
    int index = run.driverIndex();
    List<Map<String, @Nullable Object>> listed =
        StepCatalog.maps(node.driverInternalInfo().get(track.stepsKey()));
    Map<String, @Nullable Object> shown =
        index < listed.size()
            ? listed.get(index)
            : StepCatalog.wire(track.kind(), FlowRun.step(run.current()), true);
    Map<String, @Nullable Object> internal =
        NodeChange.remove(node.driverInternalInfo(), track.pollingKey(), track.skipKey());
    return track
        .withStep(node, shown)
        .withDriverInternalInfo(NodeChange.put(internal, track.indexKey(), (long) index));
  }

  /** Notes progress of the step that runs for a node; at most every two seconds. */
  void progress(Task task, StepProgress progress) {
    FlowRun run = running.get(task.model().id());
    if (run == null || run.atEnd()) {
      return;
    }
    note(run, progress);
    Instant now = run.now();
    Instant before = progressWritten.get(task.model().id());
    if (before == null || !now.isBefore(before.plus(PROGRESS_SPACING))) {
      progressWritten.put(task.model().id(), now);
      run.store().flows().saveProgress(run.flow());
    }
  }

  /** Puts progress into the journal in memory. */
  static void note(FlowRun run, StepProgress progress) {
    run.editStep(
        step ->
            step.with(
                b ->
                    b.message(progress.message())
                        .progressDone(progress.done())
                        .progressTotal(progress.total())
                        .progressUnit(progress.unit())));
  }
}
