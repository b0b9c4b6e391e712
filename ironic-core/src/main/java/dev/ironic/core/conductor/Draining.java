package dev.ironic.core.conductor;

import dev.ironic.core.conductor.ConductorService.DrainReport;
import dev.ironic.core.model.Node;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Store;
import java.util.concurrent.CountDownLatch;

/** Whether a conductor gives its work away, and how far it is with that. Thread-safe. */
final class Draining {

  private final Store store;
  private final Workers workers;
  private final String host;
  private final CountDownLatch begun = new CountDownLatch(1);

  Draining(Store store, Workers workers, String host) {
    this.store = store;
    this.workers = workers;
    this.host = host;
  }

  /** From now on the conductor gives its work away. */
  void begin() {
    begun.countDown();
  }

  boolean hasBegun() {
    return begun.getCount() == 0;
  }

  /** Returns when it has begun. */
  void awaitBegin() throws InterruptedException {
    begun.await();
  }

  DrainReport report() {
    return new DrainReport(
        host,
        hasBegun(),
        workers.busy(),
        store.nodes().list(Query.where("reservation", host)).stream().map(Node::uuid).toList());
  }
}
