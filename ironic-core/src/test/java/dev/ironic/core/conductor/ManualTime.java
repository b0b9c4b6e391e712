package dev.ironic.core.conductor;

import dev.ironic.driver.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Time that stands until it is moved. Sleeping takes no time at all, but moves the clock.
 * Thread-safe.
 */
final class ManualTime extends Clock implements Sleeper {

  private record Due(Instant at, long number, Runnable action, Object owner) {}

  private final PriorityQueue<Due> queue =
      new PriorityQueue<>(Comparator.comparing(Due::at).thenComparingLong(Due::number));
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private long number;

  /** Timers of one conductor. */
  Timers timers() {
    var owner = new Object();
    return new Timers() {
      @Override
      public void after(Duration delay, Runnable action) {
        schedule(delay, action, owner);
      }

      @Override
      public void close() {
        forget(owner);
      }
    };
  }

  private synchronized void schedule(Duration delay, Runnable action, Object owner) {
    queue.add(new Due(now.plus(delay), number++, action, owner));
  }

  @SuppressWarnings("ReferenceEquality") // owners are told apart, not compared
  private synchronized void forget(Object owner) {
    queue.removeIf(due -> due.owner() == owner);
  }

  /** Moves time and does what has become due. */
  void advance(Duration span) {
    List<Runnable> due = new ArrayList<>();
    synchronized (this) {
      now = now.plus(span);
      while (!queue.isEmpty() && !queue.peek().at().isAfter(now)) {
        due.add(queue.poll().action());
      }
    }
    due.forEach(Runnable::run);
  }

  @Override
  public synchronized void sleep(Duration duration) {
    now = now.plus(duration);
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
