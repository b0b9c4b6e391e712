package dev.ironic.core.conductor;

import dev.ironic.core.conductor.ConductorService.DrainReport;
import dev.ironic.core.store.NodeLock;
import dev.ironic.core.store.Store;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a conductor gives its work away: it gets no more nodes, takes no new work, leaves flows to
 * others at the next boundary of a step, and keeps giving signs of life until the last step has
 * come to its end. Thread-safe.
 */
final class Draining {

  private static final Logger LOG = LoggerFactory.getLogger(Draining.class);
  private static final Duration TOLD_EVERY = Duration.ofSeconds(5);

  private final Store store;
  private final Workers workers;
  private final Periodics periodics;
  private final Membership membership;
  private final String host;
  private final CountDownLatch begun = new CountDownLatch(1);

  Draining(Store store, Workers workers, Periodics periodics, Membership membership, String host) {
    this.store = store;
    this.workers = workers;
    this.periodics = periodics;
    this.membership = membership;
    this.host = host;
  }

  /** Begins, if it has not begun yet. */
  void begin() {
    if (hasBegun()) {
      return;
    }
    begun.countDown();
    periodics.stop();
    workers.refuse();
    LOG.info("Conductor {} gives its work away", host);
    try {
      membership.leave();
    } catch (RuntimeException e) {
      LOG.warn("Conductor {} cannot say goodbye: {}", host, e.getMessage());
    }
  }

  boolean hasBegun() {
    return begun.getCount() == 0;
  }

  /** Returns when it has begun. */
  void awaitBegin() throws InterruptedException {
    begun.await();
  }

  /**
   * Waits until no work is left.
   *
   * @return false when some is left after the timeout; zero for no timeout
   */
  boolean awaitEnd(Duration timeout) {
    Duration left = timeout;
    while (left.isPositive() || timeout.isZero()) {
      Duration turn = !timeout.isZero() && left.compareTo(TOLD_EVERY) < 0 ? left : TOLD_EVERY;
      if (workers.drain(turn)) {
        return true;
      }
      if (Thread.currentThread().isInterrupted()) {
        return false;
      }
      left = left.minus(turn);
      LOG.info("Conductor {} still has {} pieces of work", host, workers.busy());
    }
    return workers.busy() == 0;
  }

  DrainReport report() {
    return new DrainReport(
        host,
        hasBegun(),
        workers.busy(),
        store.nodes().heldBy(host).stream().map(NodeLock::nodeUuid).toList());
  }
}
