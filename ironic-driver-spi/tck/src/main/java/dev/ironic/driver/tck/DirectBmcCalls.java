package dev.ironic.driver.tck;

import dev.ironic.driver.BmcCalls;
import dev.ironic.driver.NodeTask;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Calls that go to the controller at once, each by itself, and are noted. Thread-safe. */
public final class DirectBmcCalls implements BmcCalls {

  private final List<String> made = new CopyOnWriteArrayList<>();

  @Override
  public <T> T call(NodeTask task, String controller, Supplier<T> call) {
    task.requireOwner();
    made.add(controller);
    return call.get();
  }

  @Override
  public <T> T read(NodeTask task, String controller, Object question, Supplier<T> call) {
    return call(task, controller, call);
  }

  /** The controllers of the calls made so far, in their order. */
  public List<String> made() {
    return List.copyOf(made);
  }
}
