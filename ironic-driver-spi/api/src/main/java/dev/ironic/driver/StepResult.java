package dev.ironic.driver;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a step ended, or that it goes on. */
public sealed interface StepResult {

  /** The step is finished; the next one may run. */
  record Done() implements StepResult {}

  /**
   * The step goes on without the conductor. The node rests in the wait state of its flow until the
   * agent reports, {@link NodeTask#resume} is called, or the poll delay has passed; then {@link
   * HardwareInterface#probeStep} is asked.
   *
   * @param progress how far it is, or null
   * @param pollAfter when to ask by itself, or null to wait until somebody reports
   */
  record Waiting(@Nullable StepProgress progress, @Nullable Duration pollAfter)
      implements StepResult {}

  /**
   * The step failed, and so does the flow.
   *
   * @param reason what is stored as the node's {@code last_error}
   */
  record Failed(String reason) implements StepResult {}

  /** Finished. */
  static StepResult done() {
    return new Done();
  }

  /** Goes on until somebody reports. */
  static StepResult waiting() {
    return new Waiting(null, null);
  }

  /** Goes on; ask again after the delay. */
  static StepResult pollAfter(Duration delay, @Nullable StepProgress progress) {
    return new Waiting(progress, delay);
  }

  /** Failed for the reason given. */
  static StepResult failed(String reason) {
    return new Failed(reason);
  }
}
