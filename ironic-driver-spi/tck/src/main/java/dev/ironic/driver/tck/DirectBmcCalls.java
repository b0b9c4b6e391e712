package dev.ironic.driver.tck;

import dev.ironic.driver.BmcCalls;
import dev.ironic.driver.NodeTask;
import java.util.function.Supplier;

/** Calls that go to the controller at once, each by itself. Thread-safe. */
public final class DirectBmcCalls implements BmcCalls {

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
