package dev.ironic.core.conductor;

import dev.ironic.core.model.Flow;
import dev.ironic.core.model.FlowStep;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How flows end early. That they do is in the journal first, so that a crash only delays it. */
final class FlowEnding {

  private static final Logger LOG = LoggerFactory.getLogger(FlowEnding.class);
  private static final String ENDING = "ending";
  private static final String REASON = "reason";

  private FlowEnding() {}

  /** Ends a flow early: noted first, then cleaned up after, then told. */
  static void early(FlowRun run, FlowPlan plan, FlowPlan.Ending ending, String reason) {
    LOG.warn("{} ends early: {}", run.flow().kind().wireName(), reason);
    note(run, ending, reason);
    run.edit(flow -> flow.with(b -> b.state(Flow.State.RUNNING)));
    if (!run.atEnd()) {
      run.editStep(
          step -> step.with(b -> b.state(FlowStep.State.FAILED).endedAt(run.now()).error(reason)));
    }
    run.commit(UnaryOperator.identity());
    conclude(run, plan);
  }

  /** Keeps with the flow that it is about to end, and why. */
  static void note(FlowRun run, FlowPlan.Ending ending, String reason) {
    run.keep(ENDING, ending.name());
    run.keep(REASON, reason);
  }

  /** Whether the flow is about to end. */
  static boolean isNoted(FlowRun run) {
    return run.value(ENDING) != null;
  }

  /** Cleans up after a flow that is about to end, and tells of its end. */
  static void conclude(FlowRun run, FlowPlan plan) {
    FlowPlan.Ending ending = FlowPlan.Ending.valueOf(String.valueOf(run.value(ENDING)));
    String reason = String.valueOf(run.value(REASON));
    Task task = run.task();
    if (plan.track() != null && ending != FlowPlan.Ending.ABORT) {
      quietly("The agent's logs cannot be collected", () -> task.deploy().collectLogs(task));
    }
    quietly("Clean-up after a failure failed", () -> plan.cleanUp(run, ending));
    run.end(ending == FlowPlan.Ending.ABORT ? Flow.State.ABORTED : Flow.State.FAILED, reason);
    run.commit(
        node -> plan.failed(run, node, ending, reason).with(b -> b.lastError(reason)),
        () -> task.history(plan.eventType(), true, reason));
  }

  private static void quietly(String failure, Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      Failures.rethrowIfLockLost(e);
      LOG.warn("{}: {}", failure, e.getMessage(), Failures.trace(e));
    }
  }

  /** Words for an abort that a user asked for. */
  static String abortText(Flow flow, @Nullable FlowStep step) {
    String operation =
        switch (flow.kind()) {
          case AUTOMATED_CLEAN, MANUAL_CLEAN -> "clean";
          case DEPLOY, REBUILD -> "deploy";
          case VERIFY, TEAR_DOWN, SERVICE, INSPECT, RESCUE, UNRESCUE, ADOPT ->
              flow.kind().wireName();
        };
    String text = "By request, the %s operation was aborted".formatted(operation);
    return step == null || step.interfaceName().equals(FlowRun.OWN)
        ? text
        : "%s during or after the completion of step \"%s.%s\""
            .formatted(text, step.interfaceName(), step.step());
  }
}
