package dev.ironic.driver;

import dev.ironic.driver.internal.AnnotatedSteps;
import java.util.List;
import java.util.Map;

/**
 * What all kinds of hardware interface have in common. One instance serves all nodes at once: an
 * implementation keeps no state of a node in itself and is thread-safe. Methods block; they run on
 * virtual threads.
 */
public interface HardwareInterface {

  /**
   * The {@code driver_info} keys that the implementation understands.
   *
   * @return key to a text for the operator, saying whether the key is required
   */
  Map<String, String> properties();

  /**
   * Checks the node's settings, quickly and without asking the hardware; runs inside API calls.
   *
   * @throws DriverException when something is missing or wrong
   */
  void validate(NodeTask task);

  /**
   * The steps offered for a flow, in no order and including those of priority 0. By default the
   * annotated methods; an interface may add steps that it learned from elsewhere, such as the
   * agent.
   */
  default List<Step> steps(NodeTask task, StepKind kind) {
    return AnnotatedSteps.of(this, kind);
  }

  /**
   * Runs one of the steps of {@link #steps}.
   *
   * @param step with the arguments given
   * @throws DriverException when it fails; the same as a failed result, with the message as reason
   */
  default StepResult executeStep(NodeTask task, StepKind kind, Step step) {
    return AnnotatedSteps.execute(this, task, kind, step);
  }

  /**
   * Tells how far a step has come that answered {@link StepResult.Waiting}, or that was running
   * when its conductor died. Called after each heartbeat, after the poll delay and after a
   * take-over, with the node's lock. By default the step is taken as finished as soon as somebody
   * reports.
   *
   * @param step the step in question
   */
  default StepResult probeStep(NodeTask task, StepKind kind, Step step) {
    return StepResult.done();
  }

  /**
   * Called once, when the conductor stops: gives back connections, sessions and threads. No other
   * method is called afterwards.
   */
  default void close() {}
}
