package dev.ironic.core.conductor;

import dev.ironic.driver.PowerState;
import dev.ironic.driver.StepProgress;

/** What a task asks of the rest of the conductor on behalf of a driver. */
interface TaskHooks {

  /** Switches power with everything that belongs to it. */
  void powerAction(Task task, PowerState target);

  /** Notes how far the running step has come. */
  void progress(Task task, StepProgress progress);

  /** Has the node's flow looked at soon, on another thread. */
  void resume(String nodeUuid);

  /** Fails the node's flow, on another thread. */
  void failFlow(String nodeUuid, String reason);
}
