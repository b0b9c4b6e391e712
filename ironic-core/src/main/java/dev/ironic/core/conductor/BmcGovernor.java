package dev.ironic.core.conductor;

import dev.ironic.driver.BmcCalls;
import dev.ironic.driver.NodeTask;
import java.util.function.Supplier;

/** Calls of a conductor to management controllers. Thread-safe. */
final class BmcGovernor implements BmcCalls {

  @Override
  public <T> T call(NodeTask task, String controller, Supplier<T> call) {
    task.requireOwner();
    return call.get();
  }

  @Override
  public <T> T read(NodeTask task, String controller, Object question, Supplier<T> call) {
    return call(task, controller, call);
  }
}
