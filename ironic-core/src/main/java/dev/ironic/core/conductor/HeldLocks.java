package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.store.NodeLock;
import dev.ironic.driver.Sleeper;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The locks that tasks of this conductor hold, and whether they can be relied on. The database has
 * the last word about a lock, and writes ask it; commands to hardware cannot, so they ask here.
 * Thread-safe.
 */
final class HeldLocks {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

  private final Lease lease;
  private final Sleeper sleeper;
  private final Set<NodeLock> held = ConcurrentHashMap.newKeySet();
  private final Map<String, NodeLock> newest = new ConcurrentHashMap<>();
  private final Set<NodeLock> lost = ConcurrentHashMap.newKeySet();
  private Set<NodeLock> strays = Set.of();

  HeldLocks(Lease lease, Sleeper sleeper) {
    this.lease = lease;
    this.sleeper = sleeper;
  }

  void add(NodeLock lock) {
    held.add(lock);
    newest.put(lock.nodeUuid(), lock);
  }

  void remove(NodeLock lock) {
    held.remove(lock);
    newest.remove(lock.nodeUuid(), lock);
    lost.remove(lock);
  }

  /** Whether a task holds the lock of a node, for all that is known. */
  boolean holds(String nodeUuid) {
    NodeLock lock = newest.get(nodeUuid);
    return lock != null && !lost.contains(lock);
  }

  /** How many locks tasks hold. */
  int count() {
    return held.size();
  }

  /**
   * Returns when the lock is surely held for as long as a command takes to arrive; waits while this
   * conductor's lease has run out, or is about to.
   *
   * @throws IronicException LOCK_LOST when another conductor has taken over, or when interrupted
   *     while that was not known
   */
  void require(NodeLock lock) {
    while (!lease.allowsCommands()) {
      if (lost.contains(lock)) {
        break;
      }
      try {
        sleeper.sleep(LOOK_AGAIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw lost(lock);
      }
    }
    if (lost.contains(lock)) {
      throw lost(lock);
    }
  }

  private static IronicException lost(NodeLock lock) {
    return new IronicException(
        Fault.LOCK_LOST,
        "Node %s may belong to another conductor by now; nothing more is done to it here"
            .formatted(lock.nodeUuid()));
  }

  /**
   * Finds out which locks are lost: those that the database does not know any more.
   *
   * @param known reads the locks of this conductor from the database
   */
  void confirm(Supplier<? extends Collection<NodeLock>> known) {
    var doubtful = new HashSet<>(held);
    doubtful.removeAll(Set.copyOf(known.get()));
    lost.addAll(doubtful);
    lost.retainAll(held);
  }

  /**
   * The locks that the database knows, but no task: those of tasks that ended while the database
   * was away. A task that is just beginning is not among them, since a lock is only told when it
   * was so the last time, too.
   */
  synchronized List<NodeLock> strays(Collection<NodeLock> known) {
    var now = new HashSet<>(known);
    now.removeAll(held);
    List<NodeLock> twice = now.stream().filter(strays::contains).toList();
    strays = now;
    return twice;
  }
}
