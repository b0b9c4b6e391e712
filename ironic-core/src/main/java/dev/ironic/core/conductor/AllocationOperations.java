package dev.ironic.core.conductor;

import static java.util.stream.Collectors.joining;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.model.Allocation;
import dev.ironic.core.model.ConductorRecord;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.model.ProvisionState.Trait;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Query.Filter;
import dev.ironic.core.store.Store;
import dev.ironic.driver.Sleeper;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives nodes to those who ask for one. Thread-safe. */
final class AllocationOperations {

  private static final Logger LOG = LoggerFactory.getLogger(AllocationOperations.class);

  private static final String ALLOCATING = "allocating";
  private static final String ACTIVE = "active";
  private static final String ERROR = "error";

  private enum Outcome {
    GOT,
    LOCKED,
    GONE
  }

  private final NodeWork work;
  private final Store store;
  private final Workers workers;
  private final AllocationCandidates candidates;
  private final Sleeper sleeper;
  private final ConductorOptions options;
  private final String host;
  private final Set<String> inHand = ConcurrentHashMap.newKeySet();

  AllocationOperations(
      NodeWork work,
      Store store,
      Workers workers,
      AllocationCandidates candidates,
      Sleeper sleeper,
      ConductorOptions options,
      String host) {
    this.work = work;
    this.store = store;
    this.workers = workers;
    this.candidates = candidates;
    this.sleeper = sleeper;
    this.options = options;
    this.host = host;
  }

  /**
   * Stores an allocation. With a node it is bound to it at once; otherwise a worker looks for one,
   * and the outcome is found on the allocation.
   */
  Allocation create(RequestContext context, Allocation draft, @Nullable String nodeUuid) {
    Long self = store.conductors().find(host).map(ConductorRecord::id).orElse(null);
    boolean begun = false;
    inHand.add(draft.uuid());
    try {
      Allocation stored =
          store.allocations().insert(draft.with(b -> b.state(ALLOCATING).conductorAffinity(self)));
      if (nodeUuid != null) {
        return backfill(context, stored, nodeUuid);
      }
      workers.start(Workers.Share.RESERVED, name(stored), () -> process(stored));
      begun = true;
      return stored;
    } finally {
      if (!begun) {
        inHand.remove(draft.uuid());
      }
    }
  }

  /**
   * Goes on with the allocations that are this conductor's and that nobody works on: it stopped
   * before they were finished, or had no worker free.
   */
  void resumeOwn() {
    store
        .conductors()
        .find(host)
        .ifPresent(
            self ->
                store
                    .allocations()
                    .list(
                        Query.where("state", ALLOCATING)
                            .and(new Filter.Equal("conductorAffinity", self.id())))
                    .forEach(this::resume));
  }

  /** Takes over the unfinished allocations of conductors that are gone. */
  void adoptOrphans(Collection<Long> deadConductors) {
    Long self = store.conductors().find(host).map(ConductorRecord::id).orElse(null);
    if (deadConductors.isEmpty() || self == null) {
      return;
    }
    store
        .allocations()
        .list(
            Query.where("state", ALLOCATING)
                .and(new Filter.In("conductorAffinity", deadConductors)))
        .forEach(orphan -> adopt(orphan, self));
  }

  private void adopt(Allocation orphan, long self) {
    Allocation adopted;
    try {
      adopted = store.allocations().update(orphan, orphan.with(b -> b.conductorAffinity(self)));
    } catch (IronicException e) {
      // Another conductor was first, or a user has deleted it.
      LOG.debug("Allocation {} is left alone: {}", orphan.uuid(), e.getMessage());
      return;
    }
    LOG.info("Allocation {} is taken over from a conductor that is gone", orphan.uuid());
    resume(adopted);
  }

  /** Without a free worker it stays as it is, for the next round. */
  private void resume(Allocation allocation) {
    if (inHand.add(allocation.uuid())
        && !workers.tryStart(Workers.Share.NORMAL, name(allocation), () -> process(allocation))) {
      inHand.remove(allocation.uuid());
    }
  }

  /** Deletes an allocation and takes it off its node. */
  void destroy(RequestContext context, String allocationUuid) {
    Allocation allocation = store.allocations().get(allocationUuid);
    String nodeUuid = allocation.nodeUuid();
    if (nodeUuid == null) {
      store.allocations().delete(allocation);
      return;
    }
    work.lockedWithoutDriver(
        context,
        nodeUuid,
        "allocation deletion",
        task -> {
          Node node = task.model();
          boolean moving =
              node.targetProvisionState() != null && !node.provisionState().is(Trait.PATCHABLE);
          if (!node.maintenance() && (moving || node.provisionState() == ProvisionState.ACTIVE)) {
            throw new IronicException(
                Fault.INVALID_STATE,
                ("Cannot remove allocation %s for active node %s: it is in provision state %s."
                        + " Remove its instance first, or set the node into maintenance mode.")
                    .formatted(allocationUuid, node.uuid(), node.provisionState().wireName()));
          }
          store.allocations().delete(store.allocations().get(allocationUuid));
          return true;
        });
  }

  private static String name(Allocation allocation) {
    return "allocation " + allocation.uuid();
  }

  private void process(Allocation allocation) {
    try {
      search(allocation);
    } catch (IronicException e) {
      fail(allocation, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("Allocation {} failed unexpectedly", allocation.uuid(), e);
      fail(allocation, "unexpected error, see the log of conductor " + host);
    } catch (InterruptedException e) {
      // The conductor stops; the row stays as it is and is picked up again.
      Thread.currentThread().interrupt();
    } finally {
      inHand.remove(allocation.uuid());
    }
  }

  private void search(Allocation allocation) throws InterruptedException {
    List<Node> left = candidates.find(allocation);
    if (left.isEmpty()) {
      throw failed(
          "no available nodes match the resource class %s%s%s."
              .formatted(
                  allocation.resourceClass(),
                  allocation.traits().isEmpty()
                      ? ""
                      : " and have the traits " + String.join(", ", allocation.traits()),
                  allocation.candidateNodes().isEmpty() ? "" : " among the candidate nodes"));
    }
    int suitable = left.size();
    for (int attempt = 0; attempt < options.nodeLockedRetryAttempts(); attempt++) {
      if (attempt > 0) {
        sleeper.sleep(options.nodeLockedRetryInterval());
      }
      var locked = new ArrayList<Node>();
      for (Node node : left) {
        switch (tryNode(allocation, node)) {
          case GOT -> {
            return;
          }
          case LOCKED -> locked.add(node);
          case GONE -> LOG.debug("Node {} no longer fits {}", node.uuid(), allocation.uuid());
        }
      }
      left = locked;
      if (left.isEmpty()) {
        break;
      }
    }
    throw failed("could not reserve any of %d suitable nodes.".formatted(suitable));
  }

  private Outcome tryNode(Allocation allocation, Node candidate) {
    var context = RequestContext.internal("req-" + UUID.randomUUID());
    var outcome = new Outcome[] {Outcome.GONE};
    try {
      boolean ran =
          work.tryLocked(
              context,
              candidate.uuid(),
              "allocating " + allocation.uuid(),
              task -> {
                if (candidates.stillFits(task.model(), allocation)) {
                  bind(task, allocation);
                  outcome[0] = Outcome.GOT;
                }
              });
      return ran ? outcome[0] : Outcome.LOCKED;
    } catch (IronicException e) {
      if (e.fault() == Fault.NODE_NOT_FOUND
          || e.fault() == Fault.NODE_ASSOCIATED
          || e.fault() == Fault.INSTANCE_ASSOCIATED) {
        return Outcome.GONE;
      }
      throw e;
    }
  }

  private Allocation backfill(RequestContext context, Allocation allocation, String nodeUuid) {
    try {
      return work.lockedResult(
          context,
          nodeUuid,
          "allocation backfilling",
          task -> {
            checkBackfill(task.model(), allocation);
            String resourceClass = task.model().resourceClass();
            return bind(task, allocation.with(b -> b.resourceClass(resourceClass)));
          });
    } catch (IronicException e) {
      fail(allocation, String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private void checkBackfill(Node node, Allocation allocation) {
    String instance = node.instanceUuid();
    if (instance != null && !instance.equals(allocation.uuid())) {
      throw new IronicException(
          Fault.NODE_ASSOCIATED,
          "Node %s is associated with instance %s.".formatted(node.uuid(), instance));
    }
    var errors = new ArrayList<String>();
    if (node.provisionState() != ProvisionState.ACTIVE) {
      errors.add(
          "node %s must be in the 'active' state, but its state is '%s'"
              .formatted(node.uuid(), node.provisionState().wireName()));
    }
    if (allocation.resourceClass() != null
        && !Objects.equals(allocation.resourceClass(), node.resourceClass())) {
      errors.add(
          "resource class %s was asked for, but that of the node is %s"
              .formatted(allocation.resourceClass(), node.resourceClass()));
    }
    List<String> present = node.traits();
    String missing =
        allocation.traits().stream().filter(t -> !present.contains(t)).collect(joining(", "));
    if (!missing.isEmpty()) {
      errors.add("the node lacks the traits " + missing);
    }
    if (!allocation.candidateNodes().isEmpty()
        && !allocation.candidateNodes().contains(node.uuid())) {
      errors.add("the candidate nodes do not contain the node");
    }
    if (!errors.isEmpty()) {
      throw failed(String.join("; ", errors));
    }
  }

  /** Binds both rows to each other, or none; the node's first, since that proves the lock. */
  private Allocation bind(Task task, Allocation allocation) {
    return store.inTransaction(
        () -> {
          task.save(
              n -> {
                var info = new LinkedHashMap<String, @Nullable Object>(n.instanceInfo());
                info.put("traits", allocation.traits());
                return n.with(
                    b ->
                        b.instanceUuid(allocation.uuid())
                            .allocationId(allocation.id())
                            .instanceInfo(info));
              });
          Node node = task.model();
          Allocation current = store.allocations().get(allocation.uuid());
          if (!isStillTheSame(current, allocation)) {
            throw failed("another conductor has taken it over.");
          }
          Allocation bound =
              store
                  .allocations()
                  .update(
                      current,
                      current.with(
                          b ->
                              b.nodeId(node.id())
                                  .nodeUuid(node.uuid())
                                  .resourceClass(allocation.resourceClass())
                                  .state(ACTIVE)
                                  .lastError(null)));
          LOG.info("Allocation {} got node {}", bound.uuid(), node.uuid());
          return bound;
        });
  }

  /** A conductor that was thought dead must not spoil what its successor did. */
  private static boolean isStillTheSame(Allocation current, Allocation started) {
    return ALLOCATING.equals(current.state())
        && Objects.equals(current.conductorAffinity(), started.conductorAffinity());
  }

  private void fail(Allocation allocation, String reason) {
    LOG.warn("Allocation {} failed: {}", allocation.uuid(), reason);
    store
        .allocations()
        .find(allocation.uuid())
        .filter(current -> isStillTheSame(current, allocation))
        .ifPresent(
            current ->
                store
                    .allocations()
                    .update(
                        current,
                        current.with(
                            b ->
                                b.state(ERROR)
                                    .lastError(
                                        "Failed to process allocation %s: %s"
                                            .formatted(allocation.uuid(), reason)))));
  }

  private static IronicException failed(String reason) {
    return new IronicException(Fault.ALLOCATION_FAILED, reason);
  }
}
