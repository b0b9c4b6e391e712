package dev.ironic.driver.tck;

import dev.ironic.driver.BmcCalls;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Calls that go to the controller at once, each by itself, and are noted. No controller is left
 * alone unless the test says so. Thread-safe.
 */
public final class DirectBmcCalls implements BmcCalls {

  private final List<String> made = new CopyOnWriteArrayList<>();
  private final List<String> changing = new CopyOnWriteArrayList<>();
  private volatile boolean leftAlone;

  @Override
  public <T> T call(NodeTask task, String controller, Supplier<T> call) {
    return make(
        task,
        controller,
        () -> {
          changing.add(controller);
          return call.get();
        });
  }

  @Override
  public <T> T read(NodeTask task, String controller, Object question, Supplier<T> call) {
    return make(task, controller, call);
  }

  private <T> T make(NodeTask task, String controller, Supplier<T> call) {
    if (leftAlone) {
      throw DriverException.unreachable("The BMC at %s is left alone".formatted(controller), null);
    }
    task.requireOwner();
    made.add(controller);
    return call.get();
  }

  /** The controllers of the calls made so far, in their order. */
  public List<String> made() {
    return List.copyOf(made);
  }

  /** The controllers of those calls that were not told as reading. */
  public List<String> changing() {
    return List.copyOf(changing);
  }

  /** Whether all calls are refused from now on, as they are after failures. */
  public void leaveAlone(boolean refuse) {
    leftAlone = refuse;
  }
}
