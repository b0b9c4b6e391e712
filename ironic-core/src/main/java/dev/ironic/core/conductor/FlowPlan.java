package dev.ironic.core.conductor;

import dev.ironic.core.model.FlowKind;
import dev.ironic.core.model.FlowStep;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.driver.StepResult;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is particular to one kind of flow. The engine runs the steps, keeps the journal and decides
 * when something is repeated; the plan knows what the steps are and what the outcome means.
 */
interface FlowPlan {

  /** How a flow comes to an early end. */
  enum Ending {
    /** A step failed. */
    FAILURE,
    /** Nobody reported in time. */
    TIMEOUT,
    /** A user wanted it so. */
    ABORT
  }

  /** The conductor's own steps to begin with; they may plan more. */
  List<FlowStep> opening(Node node, java.util.Map<String, @Nullable Object> context);

  /** Runs one of the conductor's own steps; may be repeated after a crash. */
  StepResult execute(FlowRun run, FlowStep step);

  /** Asks how far one of the conductor's own steps is that answered waiting. */
  default StepResult probe(FlowRun run, FlowStep step) {
    return StepResult.done();
  }

  /** Called when a driver's step is done, so that what follows can be planned anew. */
  default void driverStepDone(FlowRun run, boolean waited) {}

  /** Called when a driver's step failed at once, before the flow ends for that reason. */
  default void stepFailed(FlowRun run, FlowStep step) {}

  /** The node once all steps are done; the journal is stored with it. */
  Node finished(FlowRun run, Node node);

  /** The flow that follows a successful one at once. */
  default Optional<FlowKind> successor(FlowRun run) {
    return Optional.empty();
  }

  /** Clean-up on the hardware after an early end; failures in it are logged only. */
  void cleanUp(FlowRun run, Ending ending);

  /** The node after an early end and its clean-up. */
  Node failed(FlowRun run, Node node, Ending ending, String reason);

  /** Where the node is going while it waits; null for the usual. */
  default @Nullable ProvisionState target() {
    return null;
  }

  /** How the steps show on the node; null where there are none. */
  @Nullable StepTrack track();

  /** Kind of event for the history. */
  String eventType();
}
