package dev.ironic.core.conductor;

import dev.ironic.core.model.Allocation;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Query.Filter;
import dev.ironic.core.store.Store;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** Finds the nodes that an allocation may get. Thread-safe. */
final class AllocationCandidates {

  private final Store store;
  private final RandomGenerator random;

  /**
   * Creates a finder.
   *
   * @param random spreads allocations over the nodes that fit equally well
   */
  AllocationCandidates(Store store, RandomGenerator random) {
    this.store = store;
    this.random = random;
  }

  /** The nodes that fit, in random order; one that has the allocation's name comes first. */
  List<Node> find(Allocation allocation) {
    Query query =
        Query.where("provisionState", ProvisionState.AVAILABLE)
            .and(new Filter.Equal("resourceClass", allocation.resourceClass()))
            .and(new Filter.IsNull("instanceUuid", true))
            .and(new Filter.IsNull("powerState", false))
            .and(new Filter.IsNull("parentNode", true))
            .and(new Filter.Equal("maintenance", false));
    if (!allocation.candidateNodes().isEmpty()) {
      query = query.and(new Filter.In("uuid", allocation.candidateNodes()));
    }
    String owner = allocation.owner();
    if (owner != null) {
      query = query.and(new Filter.AnyEqual(List.of("owner", "lessee"), owner));
    }
    List<Node> nodes = new ArrayList<>(store.nodes().list(query));
    nodes.removeIf(node -> !node.traits().containsAll(allocation.traits()));
    // A shared generator need not be thread-safe, and Collections.shuffle takes this kind of one.
    Collections.shuffle(nodes, java.util.Random.from(random));
    String name = allocation.name();
    if (name != null) {
      nodes.sort((a, b) -> Boolean.compare(name.equals(b.name()), name.equals(a.name())));
    }
    return List.copyOf(nodes);
  }

  /** Whether a node, read again under its lock, still fits. */
  boolean stillFits(Node node, Allocation allocation) {
    return node.provisionState() == ProvisionState.AVAILABLE
        && Objects.equals(node.resourceClass(), allocation.resourceClass())
        && node.instanceUuid() == null
        && node.powerState() != null
        && !node.maintenance()
        && node.traits().containsAll(allocation.traits());
  }
}
