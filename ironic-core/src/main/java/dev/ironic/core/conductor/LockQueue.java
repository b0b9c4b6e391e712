package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.store.NodeLock;
import dev.ironic.driver.Sleeper;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Lets those of this conductor who want a node's lock have it in the order in which they came. The
 * database decides who holds a lock; this decides who of us may ask for it. Thread-safe.
 */
final class LockQueue {

  /**
   * How often somebody who waits looks whether it is their turn. Nobody has to wake them, so no
   * wake-up is ever lost, and all waiting is sleeping, which tests do in no time.
   */
  private static final Duration GLANCE = Duration.ofMillis(5);

  /** How long somebody waits for a lock. */
  enum Patience {
    /** Not at all. */
    NONE,
    /** For others of this conductor; a lock of another conductor is not tried again. */
    OUR_OWN,
    /** For whoever holds it. */
    ALL
  }

  private final HeldLocks held;
  private final Sleeper sleeper;
  private final Duration interval;
  private final Duration longest;
  private final Function<String, String> holders;
  private final Map<String, Queue<Object>> queues = new ConcurrentHashMap<>();

  /**
   * Creates it, with nobody waiting.
   *
   * @param attempts how often a lock of another conductor is tried
   * @param interval between two attempts
   * @param holders who holds the lock of a node, for messages
   */
  LockQueue(
      HeldLocks held,
      Sleeper sleeper,
      int attempts,
      Duration interval,
      Function<String, String> holders) {
    this.held = held;
    this.sleeper = sleeper;
    this.interval = interval;
    this.longest = interval.multipliedBy(Math.max(0, attempts - 1));
    this.holders = holders;
  }

  /**
   * Asks for a lock when all who came before have had their turn. Who waits too long is refused.
   *
   * @param ask takes the lock, or throws NODE_LOCKED
   * @throws IronicException NODE_LOCKED, or what {@code ask} throws
   */
  <R> R inTurn(String nodeUuid, Patience patience, Supplier<R> ask) {
    var me = new Object();
    Queue<Object> queue = enter(nodeUuid, me);
    try {
      return whenFirst(nodeUuid, queue, me, patience, ask);
    } finally {
      leave(nodeUuid, me);
    }
  }

  /** How many wait for a node's lock, or ask for it just now. */
  int length(String nodeUuid) {
    Queue<Object> queue = queues.get(nodeUuid);
    return queue == null ? 0 : queue.size();
  }

  private Queue<Object> enter(String nodeUuid, Object me) {
    return queues.compute(
        nodeUuid,
        (uuid, waiting) -> {
          Queue<Object> queue = waiting == null ? new ConcurrentLinkedQueue<>() : waiting;
          queue.add(me);
          return queue;
        });
  }

  private void leave(String nodeUuid, Object me) {
    queues.computeIfPresent(
        nodeUuid,
        (uuid, queue) -> {
          queue.remove(me);
          return queue.isEmpty() ? null : queue;
        });
  }

  private <R> R whenFirst(
      String nodeUuid, Queue<Object> queue, Object me, Patience patience, Supplier<R> ask) {
    Duration left = patience == Patience.NONE ? Duration.ZERO : longest;
    while (true) {
      Duration pause = GLANCE;
      // The last time the database is asked in any case: it knows who holds the lock.
      if (me.equals(queue.peek()) && (left.isZero() || !held.holds(nodeUuid))) {
        try {
          return ask.get();
        } catch (IronicException e) {
          if (e.fault() != Fault.NODE_LOCKED || left.isZero() || patience != Patience.ALL) {
            throw e;
          }
          pause = interval;
        }
      }
      if (left.isZero()) {
        throw NodeLock.refused(nodeUuid, holders.apply(nodeUuid));
      }
      pause = pause.compareTo(left) < 0 ? pause : left;
      sleep(pause, nodeUuid);
      left = left.minus(pause);
    }
  }

  private void sleep(Duration pause, String nodeUuid) {
    try {
      sleeper.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw NodeLock.refused(nodeUuid, holders.apply(nodeUuid));
    }
  }
}
