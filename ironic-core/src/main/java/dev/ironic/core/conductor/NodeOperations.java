package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.driver.DriverRegistry;
import dev.ironic.core.model.Allocation;
import dev.ironic.core.model.Changes;
import dev.ironic.core.model.Node;
import dev.ironic.core.store.Store;
import dev.ironic.driver.ConsoleInterface;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creation, change and deletion of nodes. Thread-safe. */
final class NodeOperations {

  private static final Logger LOG = LoggerFactory.getLogger(NodeOperations.class);

  private final NodeWork work;
  private final Store store;
  private final DriverRegistry drivers;
  private final boolean deleteAvailable;

  /**
   * Creates the operations.
   *
   * @param deleteAvailable whether available nodes may be deleted
   */
  NodeOperations(NodeWork work, Store store, DriverRegistry drivers, boolean deleteAvailable) {
    this.work = work;
    this.store = store;
    this.drivers = drivers;
    this.deleteAvailable = deleteAvailable;
  }

  /** Stores a node with defaults for the interfaces that it does not name. */
  Node create(Node draft) {
    return store.nodes().insert(withInterfaces(draft));
  }

  /**
   * Changes a node. Fields are checked before the lock is taken, so that a bad request is told as
   * such also while somebody works on the node.
   */
  Node update(RequestContext context, Node before, Node after, boolean resetInterfaces) {
    Node settled = NodeRules.settle(before, after, resetInterfaces);
    Node wanted = NodeRules.touchesInterfaces(before, settled) ? withInterfaces(settled) : settled;
    Changes<Node> changes = Changes.between(before, wanted);
    return work.inOneGo(
        context,
        before.uuid(),
        "node update",
        task -> {
          NodeRules.checkLocked(before, wanted, task.model());
          if (!changes.fits(task.model())) {
            throw changedMeanwhile("Node", before.uuid());
          }
          if (NodeRules.releasesAllocation(before, wanted, task.model())) {
            releaseAllocation(task.model());
          }
          return task.saveWish(changes::applyTo);
        });
  }

  /** Two writers meant the same components; the later one has to look again. */
  static IronicException changedMeanwhile(String what, @Nullable String uuid) {
    return new IronicException(
        Fault.CHANGED_MEANWHILE,
        "%s %s was changed by somebody else at the same time; read it again and retry."
            .formatted(what, uuid));
  }

  void destroy(RequestContext context, String nodeUuid) {
    work.lockedWithoutDriver(
        context,
        nodeUuid,
        "node deletion",
        task -> {
          NodeRules.checkDeletable(task.model(), deleteAvailable);
          if (task.model().consoleEnabled()) {
            stopConsole(task);
          }
          store.nodes().delete(task.lock(), task.model());
          return true;
        });
    LOG.info("Node {} was deleted", nodeUuid);
  }

  private Node withInterfaces(Node node) {
    return node.with(b -> b.interfaces(drivers.complete(node)));
  }

  private void releaseAllocation(Node node) {
    Long id = node.allocationId();
    if (id != null) {
      store.allocations().findById(id).ifPresent(this::delete);
    }
  }

  private void delete(Allocation allocation) {
    store.allocations().delete(allocation);
    LOG.info("Allocation {} goes with the instance of its node", allocation.uuid());
  }

  private static void stopConsole(Task task) {
    try {
      task.driver(ConsoleInterface.class).stopConsole(task);
    } catch (RuntimeException e) {
      // The node goes in any case; a console that cannot be stopped ends with its machine.
      LOG.warn("Cannot stop the console of node {} before its deletion", task.model().uuid(), e);
    }
  }
}
