package dev.ironic.core.conductor;

import static dev.ironic.core.conductor.OperationsRig.assertFault;
import static dev.ironic.core.conductor.OperationsRig.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.Fault;
import dev.ironic.core.model.Allocation;
import dev.ironic.core.model.AllocationBuilder;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.NodeLock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AllocationOperationsTest {

  private final OperationsRig rig = new OperationsRig();
  private final AllocationOperations allocations = rig.operations.allocations();

  @AfterEach
  void close() {
    rig.close();
  }

  private static Allocation draft(UnaryOperator<Allocation> fields) {
    return fields.apply(
        AllocationBuilder.builder()
            .uuid(uuid())
            .state("allocating")
            .resourceClass("gold")
            .traits(List.of())
            .candidateNodes(List.of())
            .extra(Map.of())
            .build());
  }

  private Allocation allocate(UnaryOperator<Allocation> fields) {
    Allocation created = allocations.create(rig.context, draft(fields), null);
    assertThat(created.state()).isEqualTo("allocating");
    rig.settle();
    return rig.store.allocations().get(created.uuid());
  }

  @Test
  void anAllocationAndItsNodeAreBoundToEachOther() {
    Node node = rig.available("n1", "gold");
    Allocation allocation = allocate(a -> a);
    assertThat(allocation.state()).isEqualTo("active");
    assertThat(allocation.nodeUuid()).isEqualTo(node.uuid());
    Node taken = rig.reload(node);
    assertThat(taken.instanceUuid()).isEqualTo(allocation.uuid());
    assertThat(taken.allocationId()).isEqualTo(allocation.id());
    assertThat(taken.instanceInfo()).containsEntry("traits", List.of());
    assertThat(taken.reservation()).isNull();
  }

  @Test
  void onlyNodesThatAreFreeAreTaken() {
    rig.available("other class", "silver");
    rig.change(rig.available("maintained", "gold"), n -> n.with(b -> b.maintenance(true)));
    rig.change(rig.available("used", "gold"), n -> n.with(b -> b.instanceUuid(uuid())));
    rig.change(rig.available("unknown power", "gold"), n -> n.with(b -> b.powerState(null)));
    Node parent = rig.node();
    rig.change(rig.available("child", "gold"), n -> n.with(b -> b.parentNode(parent.uuid())));
    rig.change(
        rig.available("not ready", "gold"),
        n -> n.with(b -> b.provisionState(ProvisionState.MANAGEABLE)));
    Allocation allocation = allocate(a -> a);
    assertThat(allocation.state()).isEqualTo("error");
    assertThat(allocation.lastError())
        .contains(allocation.uuid(), "no available nodes match the resource class gold");
    assertThat(rig.pauses).isEmpty();
  }

  @Test
  void traitsCandidatesAndOwnerNarrowTheChoice() {
    Node fast = rig.available("fast", "gold");
    rig.operations.traits().add(rig.context, fast.uuid(), Set.of("CUSTOM_FAST"), false);
    Node mine = rig.change(rig.available("mine", "gold"), n -> n.with(b -> b.lessee("me")));
    Node named = rig.available("named", "gold");
    assertThat(allocate(a -> a.with(b -> b.traits(List.of("CUSTOM_FAST")))).nodeUuid())
        .isEqualTo(fast.uuid());
    assertThat(allocate(a -> a.with(b -> b.owner("me"))).nodeUuid()).isEqualTo(mine.uuid());
    assertThat(allocate(a -> a.with(b -> b.owner("me"))).state()).isEqualTo("error");
    assertThat(allocate(a -> a.with(b -> b.candidateNodes(List.of(named.uuid())))).nodeUuid())
        .isEqualTo(named.uuid());
  }

  @Test
  void aNodeOfTheSameNameComesFirst() {
    for (int i = 0; i < 10; i++) {
      rig.available("n" + i, "gold");
    }
    Node twin = rig.available("twin", "gold");
    assertThat(allocate(a -> a.with(b -> b.name("twin"))).nodeUuid()).isEqualTo(twin.uuid());
  }

  @Test
  void lockedNodesAreTriedAgain() {
    Node node = rig.available("n1", "gold");
    NodeLock lock = rig.store.nodes().reserve(node.uuid(), "other");
    Allocation allocation = allocate(a -> a);
    assertThat(rig.pauses).hasSize(2);
    assertThat(allocation.state()).isEqualTo("error");
    assertThat(allocation.lastError()).contains("could not reserve any of 1 suitable nodes");
    rig.store.nodes().release(lock);
  }

  @Test
  void manyAllocationsShareTheNodesWithoutConflict() {
    for (int i = 0; i < 8; i++) {
      rig.available("n" + i, "gold");
    }
    List<Allocation> created =
        IntStream.range(0, 8)
            .mapToObj(i -> allocations.create(rig.context, draft(a -> a), null))
            .toList();
    rig.settle();
    List<Allocation> ended =
        created.stream().map(a -> rig.store.allocations().get(a.uuid())).toList();
    List<Allocation> active = ended.stream().filter(a -> a.state().equals("active")).toList();
    assertThat(active).extracting(Allocation::nodeUuid).doesNotHaveDuplicates();
    assertThat(active)
        .allSatisfy(
            a ->
                assertThat(rig.store.nodes().get(String.valueOf(a.nodeUuid())).instanceUuid())
                    .isEqualTo(a.uuid()));
    assertThat(ended).extracting(Allocation::state).isSubsetOf("active", "error");
  }

  @Test
  void anActiveNodeIsBackfilledAtOnce() {
    Node node =
        rig.node(n -> n.with(b -> b.provisionState(ProvisionState.ACTIVE).resourceClass("gold")));
    Allocation bound =
        allocations.create(
            rig.context, draft(a -> a.with(b -> b.resourceClass(null))), node.uuid());
    assertThat(bound.state()).isEqualTo("active");
    assertThat(bound.resourceClass()).isEqualTo("gold");
    assertThat(rig.reload(node).instanceUuid()).isEqualTo(bound.uuid());
  }

  @Test
  void aBackfillThatDoesNotFitIsToldTwice() {
    Node node = rig.nodeIn(ProvisionState.MANAGEABLE);
    Allocation draft = draft(a -> a.with(b -> b.traits(List.of("CUSTOM_X"))));
    assertFault(Fault.ALLOCATION_FAILED, () -> allocations.create(rig.context, draft, node.uuid()));
    Allocation kept = rig.store.allocations().get(draft.uuid());
    assertThat(kept.state()).isEqualTo("error");
    assertThat(kept.lastError()).contains("'active' state", "gold", "CUSTOM_X");
  }

  @Test
  void deletionFreesTheNode() {
    Node node = rig.available("n1", "gold");
    Allocation allocation = allocate(a -> a);
    allocations.destroy(rig.context, allocation.uuid());
    assertThat(rig.store.allocations().find(allocation.uuid())).isEmpty();
    assertThat(rig.reload(node).instanceUuid()).isNull();
    assertThat(rig.reload(node).allocationId()).isNull();
  }

  @Test
  void theAllocationOfAnActiveNodeStaysUnlessInMaintenance() {
    Node node = rig.available("n1", "gold");
    Allocation allocation = allocate(a -> a);
    rig.change(node, n -> n.with(b -> b.provisionState(ProvisionState.ACTIVE)));
    assertFault(Fault.INVALID_STATE, () -> allocations.destroy(rig.context, allocation.uuid()));
    rig.change(node, n -> n.with(b -> b.maintenance(true)));
    allocations.destroy(rig.context, allocation.uuid());
    assertThat(rig.store.allocations().find(allocation.uuid())).isEmpty();
  }

  @Test
  void takingTheInstanceOffANodeTakesTheAllocationAlong() {
    Node node = rig.available("n1", "gold");
    Allocation allocation = allocate(a -> a);
    rig.update(rig.reload(node), n -> n.with(b -> b.instanceUuid(null)));
    assertThat(rig.store.allocations().find(allocation.uuid())).isEmpty();
    assertThat(rig.reload(node).allocationId()).isNull();
  }

  @Test
  void unfinishedAllocationsAreTakenUpAgain() {
    Node node = rig.available("n1", "gold");
    long self = rig.store.conductors().get(OperationsRig.HOST).id();
    Allocation own =
        rig.store.allocations().insert(draft(a -> a.with(b -> b.conductorAffinity(self))));
    allocations.resumeOwn();
    rig.settle();
    assertThat(rig.store.allocations().get(own.uuid()).nodeUuid()).isEqualTo(node.uuid());
  }

  @Test
  void orphansOfADeadConductorAreAdopted() {
    Node node = rig.available("n1", "gold");
    long dead =
        rig.store
            .conductors()
            .register("cond-2", "", List.of("fake-hardware"), List.of(), "dead")
            .id();
    Allocation orphan =
        rig.store.allocations().insert(draft(a -> a.with(b -> b.conductorAffinity(dead))));
    allocations.adoptOrphans(Set.of(dead));
    rig.settle();
    assertThat(rig.store.allocations().get(orphan.uuid()).nodeUuid()).isEqualTo(node.uuid());
  }

  @Test
  void orphansThatFindNoFreeWorkerAreTakenUpLater() {
    Node node = rig.available("n1", "gold");
    long dead =
        rig.store
            .conductors()
            .register("cond-2", "", List.of("fake-hardware"), List.of(), "dead")
            .id();
    Allocation orphan =
        rig.store.allocations().insert(draft(a -> a.with(b -> b.conductorAffinity(dead))));
    var release = new CountDownLatch(1);
    while (rig.workers.tryStart(Workers.Share.NORMAL, "other work", () -> hold(release))) {
      assertThat(rig.workers.busy()).isLessThanOrEqualTo(rig.workers.size());
    }
    allocations.adoptOrphans(Set.of(dead));
    Allocation waiting = rig.store.allocations().get(orphan.uuid());
    assertThat(waiting.conductorAffinity())
        .isEqualTo(rig.store.conductors().get(OperationsRig.HOST).id());
    assertThat(waiting.state()).isEqualTo("allocating");
    release.countDown();
    rig.settle();
    allocations.resumeOwn();
    rig.settle();
    assertThat(rig.store.allocations().get(orphan.uuid()).nodeUuid()).isEqualTo(node.uuid());
  }

  @Test
  void aConductorThatWasThoughtDeadDoesNotSpoilWhatItsSuccessorDoes() {
    Node node = rig.available("n1", "gold");
    NodeLock lock = rig.store.nodes().reserve(node.uuid(), "somebody");
    long heir =
        rig.store
            .conductors()
            .register("cond-2", "", List.of("fake-hardware"), List.of(), "dead")
            .id();
    Allocation draft = draft(a -> a);
    rig.onPause(
        () -> {
          Allocation now = rig.store.allocations().get(draft.uuid());
          rig.store.allocations().update(now, now.with(b -> b.conductorAffinity(heir)));
          rig.store.nodes().release(lock);
        });
    allocations.create(rig.context, draft, null);
    rig.settle();
    Allocation left = rig.store.allocations().get(draft.uuid());
    assertThat(rig.pauses).isNotEmpty();
    assertThat(left.state()).isEqualTo("allocating");
    assertThat(left.conductorAffinity()).isEqualTo(heir);
    assertThat(left.lastError()).isNull();
    assertThat(rig.reload(node).instanceUuid()).isNull();
  }

  private static void hold(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
