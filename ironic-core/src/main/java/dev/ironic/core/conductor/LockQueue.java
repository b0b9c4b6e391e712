package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.store.NodeLock;
import dev.ironic.driver.Sleeper;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Lets those of this conductor who want a node's lock have it in the order in which they came. The
 * database decides who holds a lock; this decides who of us may ask for it. Thread-safe.
 */
final class LockQueue {

  /** How long somebody waits for a lock. */
  enum Patience {
    /** Not at all. */
    NONE,
    /** For others of this conductor; a lock of another conductor is not tried again. */
    OUR_OWN,
    /** For whoever holds it. */
    ALL
  }

  /**
   * Somebody's place in a queue.
   *
   * @param bell is rung when it is the first place, and when the lock has been given back
   * @param brief whether the lock is wanted for one transaction only
   */
  private record Place(Bell bell, boolean brief) {}

  private final HeldLocks held;
  private final Sleeper sleeper;
  private final Supplier<Bell> bells;
  private final Duration interval;
  private final Duration longest;
  private final Function<String, String> holders;
  private final Map<String, Deque<Place>> queues = new ConcurrentHashMap<>();

  /**
   * Creates it, with nobody waiting.
   *
   * @param bells makes what wakes those who wait for their turn
   * @param attempts how often a lock of another conductor is tried
   * @param interval between two attempts
   * @param holders who holds the lock of a node, for messages
   */
  LockQueue(
      HeldLocks held,
      Sleeper sleeper,
      Supplier<Bell> bells,
      int attempts,
      Duration interval,
      Function<String, String> holders) {
    this.held = held;
    this.sleeper = sleeper;
    this.bells = bells;
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
    return queued(nodeUuid, new Place(bells.get(), false), patience, ask);
  }

  /**
   * The same with all patience, for work in one transaction that takes the lock and gives it back.
   * It is over so soon that it keeps nobody from the lock who does not want to wait.
   */
  <R> R inOneGo(String nodeUuid, Supplier<R> work) {
    return queued(nodeUuid, new Place(bells.get(), true), Patience.ALL, work);
  }

  /** Wakes who is first: a lock of this conductor has been given back. */
  void released(String nodeUuid) {
    Deque<Place> queue = queues.get(nodeUuid);
    Place first = queue == null ? null : queue.peek();
    if (first != null) {
      first.bell().ring();
    }
  }

  /** How many wait for a node's lock, or ask for it just now. */
  int length(String nodeUuid) {
    Deque<Place> queue = queues.get(nodeUuid);
    return queue == null ? 0 : queue.size();
  }

  private <R> R queued(String nodeUuid, Place me, Patience patience, Supplier<R> ask) {
    Deque<Place> queue = enter(nodeUuid, me, patience);
    try {
      return whenFirst(nodeUuid, queue, me, patience, ask);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw NodeLock.refused(nodeUuid, holders.apply(nodeUuid));
    } finally {
      leave(nodeUuid, me);
    }
  }

  private Deque<Place> enter(String nodeUuid, Place me, Patience patience) {
    return queues.compute(
        nodeUuid,
        (uuid, waiting) -> {
          Deque<Place> queue = waiting == null ? new ConcurrentLinkedDeque<>() : waiting;
          if (patience == Patience.NONE && queue.stream().allMatch(Place::brief)) {
            // Asks at once. A transaction that is at work makes it wait in the database.
            queue.addFirst(me);
          } else {
            queue.addLast(me);
          }
          return queue;
        });
  }

  private void leave(String nodeUuid, Place me) {
    queues.computeIfPresent(
        nodeUuid,
        (uuid, queue) -> {
          queue.remove(me);
          return queue.isEmpty() ? null : queue;
        });
    released(nodeUuid);
  }

  private <R> R whenFirst(
      String nodeUuid, Deque<Place> queue, Place me, Patience patience, Supplier<R> ask)
      throws InterruptedException {
    Duration left = patience == Patience.NONE ? Duration.ZERO : longest;
    while (true) {
      boolean first = me.equals(queue.peek());
      Duration pause = interval.compareTo(left) < 0 ? interval : left;
      // The last time the database is asked in any case: it knows who holds the lock.
      if (first && (left.isZero() || !held.holds(nodeUuid))) {
        try {
          return ask.get();
        } catch (IronicException e) {
          if (e.fault() != Fault.NODE_LOCKED || left.isZero() || patience != Patience.ALL) {
            throw e;
          }
        }
        // Either somebody of us came in between, or another conductor holds the lock.
        if (me.equals(queue.peek()) && !held.holds(nodeUuid)) {
          sleeper.sleep(pause);
          left = left.minus(pause);
        }
      } else if (left.isZero()) {
        throw NodeLock.refused(nodeUuid, holders.apply(nodeUuid));
      } else {
        // Not for longer than a pause, since nobody rings when it turns out that a lock is lost.
        left = left.minus(pause).plus(me.bell().await(pause));
      }
    }
  }
}
