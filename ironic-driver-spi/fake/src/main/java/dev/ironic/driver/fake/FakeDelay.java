package dev.ironic.driver.fake;

import dev.ironic.driver.BmcCalls;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.Sleeper;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * How long an operation of a fake interface pretends to take, as {@code [fake]<kind>_delay} says:
 * {@code N} for N seconds, {@code A,B} for a random time between A and B seconds of which those
 * near A are the most likely. What real hardware would do at its controller is a call to one, which
 * goes by the node's UUID, so that fake hardware is bounded like any other.
 */
final class FakeDelay {

  private final int shortest;
  private final int longest;
  private final BmcCalls calls;
  private final Sleeper sleeper;
  private final RandomGenerator random;

  private FakeDelay(int shortest, int longest, DriverContext context) {
    this.shortest = shortest;
    this.longest = longest;
    this.calls = context.bmcCalls();
    this.sleeper = context.sleeper();
    this.random = context.random();
  }

  static FakeDelay of(DriverContext context, InterfaceKind kind) {
    return of(context, kind.wireName() + "_delay");
  }

  static FakeDelay of(DriverContext context, String option) {
    String text = context.config().text("fake", option).orElse("0").strip();
    List<Integer> bounds;
    try {
      bounds =
          text.isEmpty()
              ? List.of(0)
              : Stream.of(text.split(",", -1)).map(String::strip).map(Integer::valueOf).toList();
    } catch (NumberFormatException e) {
      throw refused(option, text);
    }
    if (bounds.size() > 2 || bounds.getFirst() < 0 || bounds.getLast() < bounds.getFirst()) {
      throw refused(option, text);
    }
    return new FakeDelay(bounds.getFirst(), bounds.getLast(), context);
  }

  /** Takes its time at the node's controller. */
  void passAtController(NodeTask task) {
    calls.call(task, controller(task), this::passed);
  }

  /** The same for a question; who asks it meanwhile waits for the same answer. */
  void passReading(NodeTask task, String question) {
    calls.read(task, controller(task), question, this::passed);
  }

  private static String controller(NodeTask task) {
    return "fake " + task.node().uuid();
  }

  private boolean passed() {
    pass();
    return true;
  }

  /** Takes its time. */
  void pass() {
    double seconds = longest - (longest - shortest) * Math.sqrt(1 - random.nextDouble());
    if (seconds <= 0) {
      return;
    }
    try {
      sleeper.sleep(Duration.ofMillis(Math.round(seconds * 1000)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DriverException.failed("The fake operation was interrupted", e);
    }
  }

  private static DriverException refused(String option, String text) {
    return DriverException.invalid(
        "[fake]%s = %s must be a number of seconds, or two with a comma of which the first is not larger"
            .formatted(option, text));
  }
}
