package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Lets patches of one object take turns once two of them have met. A patch says what to change,
 * whatever the object is by then: when somebody else wrote the same field in between, it is applied
 * to what they have left. Without turns sixteen clients would do most of their work to see it
 * refused. Whoever meets nobody never waits. Thread-safe.
 */
final class Turns {

  /** Writers in other processes take no turns; who loses to them this often is told so. */
  private static final int MOST_ATTEMPTS = 100;

  private static final int QUEUES = 64;

  private final List<ReentrantLock> queues =
      Stream.generate(() -> new ReentrantLock(true)).limit(QUEUES).toList();

  /**
   * Applies a patch.
   *
   * @param object what it changes; equal for equal objects
   * @throws IronicException what the patch throws; CHANGED_MEANWHILE after many attempts
   */
  <R> R take(Object object, Supplier<R> patch) {
    ReentrantLock queue = queues.get(Math.floorMod(object.hashCode(), QUEUES));
    if (!queue.isLocked()) {
      try {
        return patch.get();
      } catch (IronicException e) {
        if (e.fault() != Fault.CHANGED_MEANWHILE) {
          throw e;
        }
      }
    }
    queue.lock();
    try {
      return repeated(patch);
    } finally {
      queue.unlock();
    }
  }

  private static <R> R repeated(Supplier<R> patch) {
    for (int attempt = 1; ; attempt++) {
      try {
        return patch.get();
      } catch (IronicException e) {
        if (e.fault() != Fault.CHANGED_MEANWHILE || attempt >= MOST_ATTEMPTS) {
          throw e;
        }
      }
    }
  }
}
