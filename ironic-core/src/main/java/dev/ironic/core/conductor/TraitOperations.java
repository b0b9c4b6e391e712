package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.store.Store;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Traits of nodes. Thread-safe. */
final class TraitOperations {

  private static final int MAX_TRAITS = 50;

  private final NodeWork work;
  private final Store store;

  TraitOperations(NodeWork work, Store store) {
    this.work = work;
    this.store = store;
  }

  /** Adds traits, or puts them in the place of all others. */
  void add(RequestContext context, String nodeUuid, Set<String> traits, boolean replace) {
    work.locked(
        context,
        nodeUuid,
        "add node traits",
        task -> {
          var wanted = new TreeSet<>(traits);
          if (!replace) {
            wanted.addAll(task.model().traits());
          }
          if (wanted.size() > MAX_TRAITS) {
            throw new IronicException(
                Fault.INVALID_PARAMETER_VALUE,
                ("Could not modify traits for node %s as it would exceed the maximum number of"
                        + " traits per node (%d traits, %d allowed).")
                    .formatted(nodeUuid, wanted.size(), MAX_TRAITS));
          }
          store.nodes().setTraits(task.lock(), wanted);
        });
  }

  /** Removes traits; null removes all. */
  void remove(RequestContext context, String nodeUuid, @Nullable Set<String> traits) {
    work.locked(
        context,
        nodeUuid,
        "remove node traits",
        task -> {
          if (traits == null) {
            store.nodes().setTraits(task.lock(), Set.of());
            return;
          }
          var left = new TreeSet<>(task.model().traits());
          for (String trait : new TreeSet<>(traits)) {
            if (!left.remove(trait)) {
              throw new IronicException(
                  Fault.NOT_FOUND, "Node %s doesn't have a trait '%s'".formatted(nodeUuid, trait));
            }
          }
          store.nodes().setTraits(task.lock(), left);
        });
  }
}
