package dev.ironic.core.store;

import static dev.ironic.core.store.Drafts.assertFault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.core.Fault;
import dev.ironic.core.model.Allocation;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.NodeInventory;
import dev.ironic.core.model.Port;
import dev.ironic.core.model.Portgroup;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.PowerState;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Engine.class)
final class NodeStoreTest {

  @Parameter Engine engine;
  private final ManualClock clock = new ManualClock();
  private Store store;
  private NodeRepository nodes;

  @BeforeEach
  void open() {
    store = engine.open(clock);
    nodes = store.nodes();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Node node(UnaryOperator<Node> settings) {
    return nodes.insert(settings.apply(Drafts.node()));
  }

  private Node node() {
    return node(n -> n);
  }

  @Test
  void theLockOfALivingConductorIsNotSeized() {
    store.conductors().register("one", "", List.of(), List.of(), "first");
    Node node = node();
    NodeLock lock = nodes.reserve(node.uuid(), "one");
    assertFault(
        Fault.NODE_LOCKED, () -> nodes.seize(node.uuid(), "one", "two", Duration.ofHours(1)));
    assertThat(nodes.heldBy("one")).containsExactly(lock);
    assertThat(nodes.heldBy("two")).isEmpty();
    NodeLock anew = nodes.seize(node.uuid(), "one", "one", Duration.ofHours(1));
    assertThat(anew.fence()).isEqualTo(lock.fence() + 1);
  }

  @Test
  void aNodeComesBackAsItWasStored() {
    Map<String, @Nullable Object> info = new LinkedHashMap<>();
    info.put("zebra", 1);
    info.put("ant", null);
    info.put("big", 12_345_678_901L);
    info.put("real", 0.5);
    info.put("nested", Map.of("list", List.of("a", 2, true)));
    Node draft =
        Drafts.node()
            .with(
                b ->
                    b.name("größe")
                        .driverInfo(info)
                        .interfaces(
                            Map.of(InterfaceKind.POWER, "fake", InterfaceKind.BIOS, "no-bios"))
                        .powerState(PowerState.SOFT_POWER_OFF)
                        .provisionUpdatedAt(Instant.parse("2026-01-02T03:04:05.000006Z"))
                        .automatedClean(false)
                        .isProtected(true)
                        .targetProvisionState(ProvisionState.MANAGEABLE));
    Node stored = nodes.insert(draft);
    assertThat(stored)
        .usingRecursiveComparison()
        .ignoringFields("id", "createdAt")
        .isEqualTo(draft);
    assertThat(stored.createdAt()).isEqualTo(clock.instant());
    assertThat(nodes.get(draft.uuid())).isEqualTo(stored);
    assertThat(nodes.get("größe")).isEqualTo(stored);
    assertThat(nodes.findById(stored.id())).contains(stored);
    assertThat(stored.driverInfo().keySet()).containsExactlyElementsOf(info.keySet());
  }

  @Test
  void onlyTheHolderOfTheLockWrites() {
    Node node = node();
    NodeLock lock = nodes.reserve(node.uuid(), "one");
    assertFault(Fault.NODE_LOCKED, () -> nodes.reserve(node.uuid(), "two"))
        .hasMessage(
            "Node %s is locked by host one, please retry after the current operation is completed.",
            node.uuid());
    clock.advance(Duration.ofSeconds(5));
    Node changed = nodes.update(lock, node, node.with(b -> b.lastError("tired")));
    assertThat(changed.lastError()).isEqualTo("tired");
    assertThat(changed.updatedAt()).isEqualTo(clock.instant());
    assertThat(changed.reservation()).isEqualTo("one");

    NodeLock stolen = nodes.seize(node.uuid(), "one", "two", Duration.ofSeconds(1));
    assertThat(stolen.fence()).isGreaterThan(lock.fence());
    assertFault(
        Fault.LOCK_LOST, () -> nodes.update(lock, changed, changed.with(b -> b.owner("x"))));
    assertFault(Fault.LOCK_LOST, () -> nodes.delete(lock, changed));
    assertFault(Fault.LOCK_LOST, () -> nodes.setTraits(lock, List.of("CUSTOM_A")));
    nodes.release(lock);
    assertThat(nodes.get(node.uuid()).reservation()).isEqualTo("two");
    nodes.release(stolen);
    assertFault(
        Fault.LOCK_LOST, () -> nodes.update(stolen, changed, changed.with(b -> b.owner("x"))));
    assertThat(nodes.get(node.uuid()).owner()).isNull();
  }

  @Test
  void aLockThatWasNeverHeldCannotBeSeized() {
    Node node = node();
    nodes.reserve(node.uuid(), "three");
    assertFault(
            Fault.NODE_LOCKED, () -> nodes.seize(node.uuid(), "one", "two", Duration.ofSeconds(1)))
        .hasMessageContaining("locked by host three");
    assertFault(Fault.NODE_NOT_FOUND, () -> nodes.reserve("nobody", "one"))
        .hasMessage("Node nobody could not be found.");
    assertThat(nodes.releaseAll("three")).containsExactly(node.uuid());
    assertThat(nodes.releaseAll("three")).isEmpty();
    assertThat(nodes.seize(node.uuid(), "one", "two", Duration.ofSeconds(1)).fence()).isEqualTo(2);
  }

  @Test
  void onlyTheDifferenceIsWritten() {
    Node node = node(n -> n.with(b -> b.owner("old").description("old")));
    NodeLock lock = nodes.reserve(node.uuid(), "one");
    nodes.update(lock, node, node.with(b -> b.owner("new")));
    Node later = nodes.update(lock, node, node.with(b -> b.description("new").reservation("two")));
    assertThat(later.owner()).isEqualTo("new");
    assertThat(later.description()).isEqualTo("new");
    assertThat(later.reservation()).isEqualTo("one");
    assertThatThrownBy(() -> nodes.update(node, later)).hasMessageContaining("lock");
    assertFault(
        Fault.INVALID, () -> nodes.update(lock, node, node.with(b -> b.uuid(Drafts.uuid()))));
  }

  @Test
  void aNewProvisionStateSetsItsTimes() {
    Node node = node(n -> n.with(b -> b.provisionState(ProvisionState.MANAGEABLE)));
    NodeLock lock = nodes.reserve(node.uuid(), "one");
    Instant begun = clock.instant();
    Node inspecting =
        nodes.update(lock, node, node.with(b -> b.provisionState(ProvisionState.INSPECTING)));
    assertThat(inspecting.provisionUpdatedAt()).isEqualTo(begun);
    assertThat(inspecting.inspectionStartedAt()).isEqualTo(begun);
    clock.advance(Duration.ofMinutes(3));
    Node done =
        nodes.update(
            lock, inspecting, inspecting.with(b -> b.provisionState(ProvisionState.MANAGEABLE)));
    assertThat(done.inspectionStartedAt()).isNull();
    assertThat(done.inspectionFinishedAt()).isEqualTo(clock.instant());
  }

  @Test
  void anInstanceBelongsToOneNode() {
    String instance = Drafts.uuid();
    Node first = node(n -> n.with(b -> b.instanceUuid(instance)));
    Node second = node();
    NodeLock lock = nodes.reserve(second.uuid(), "one");
    assertFault(
            Fault.INSTANCE_ASSOCIATED,
            () -> nodes.update(lock, second, second.with(b -> b.instanceUuid(instance))))
        .hasMessageContaining(instance)
        .hasMessageContaining(second.uuid());
    NodeLock other = nodes.reserve(first.uuid(), "one");
    assertFault(
            Fault.NODE_ASSOCIATED,
            () -> nodes.update(other, first, first.with(b -> b.instanceUuid(Drafts.uuid()))))
        .hasMessageContaining("is associated with instance " + instance);
    assertThat(nodes.update(other, first, first.with(b -> b.instanceUuid(null))).instanceUuid())
        .isNull();
  }

  @Test
  void namesAndUuidsAreUnique() {
    Node node = node(n -> n.with(b -> b.name("n1")));
    assertFault(Fault.ALREADY_EXISTS, () -> node(n -> n.with(b -> b.name("n1"))))
        .hasMessage("A node with name n1 already exists.");
    assertFault(Fault.ALREADY_EXISTS, () -> node(n -> n.with(b -> b.uuid(node.uuid()))))
        .hasMessage("A node with UUID %s already exists.", node.uuid());
    assertThat(nodes.count(Query.ALL)).isEqualTo(1);
  }

  @Test
  void textsLongerThanTheirColumnAreRefused() {
    assertFault(
            Fault.INVALID_PARAMETER_VALUE,
            () -> node(n -> n.with(b -> b.resourceClass("x".repeat(81)))))
        .hasMessageContaining("resource_class")
        .hasMessageContaining("80");
    assertFault(
        Fault.INVALID_PARAMETER_VALUE,
        () -> node(n -> n.with(b -> b.interfaces(Map.of(InterfaceKind.BOOT, "x".repeat(256))))));
    assertFault(Fault.INVALID_PARAMETER_VALUE, () -> node(n -> n.with(b -> b.description("a\0b"))));
    Node node =
        node(n -> n.with(b -> b.resourceClass("😀".repeat(80)).lastError("y".repeat(99_999))));
    NodeLock lock = nodes.reserve(node.uuid(), "one");
    assertFault(
        Fault.INVALID_PARAMETER_VALUE,
        () -> nodes.update(lock, node, node.with(b -> b.owner("o").lessee("x".repeat(256)))));
    assertThat(nodes.get(node.uuid()).owner()).isNull();
    assertThat(nodes.get(node.uuid()).resourceClass()).isEqualTo("😀".repeat(80));
  }

  @Test
  void shardsAreCountedLargestFirst() {
    node(n -> n.with(b -> b.shard("b")));
    node(n -> n.with(b -> b.shard("a")));
    node(n -> n.with(b -> b.shard("b")));
    node();
    assertThat(nodes.shards())
        .containsExactly(Map.entry("b", 2L), Map.entry("", 1L), Map.entry("a", 1L));
  }

  @Test
  void deletingANodeTakesAllAlongThatBelongsToIt() {
    Node node = node();
    Node other = node();
    NodeLock lock = nodes.reserve(node.uuid(), "one");
    Portgroup group = store.portgroups().insert(Drafts.portgroup(node));
    Port port =
        store
            .ports()
            .insert(Drafts.port(node, "52:54:00:00:00:01").with(b -> b.portgroupId(group.id())));
    Port stays = store.ports().insert(Drafts.port(other, "52:54:00:00:00:02"));
    assertThat(port.nodeUuid()).isEqualTo(node.uuid());
    assertThat(port.portgroupUuid()).isEqualTo(group.uuid());
    Allocation allocation = store.allocations().insert(Drafts.allocation());
    store.allocations().update(allocation, allocation.with(b -> b.nodeId(node.id())));
    nodes.setTraits(lock, List.of("CUSTOM_A"));
    nodes.addHistory(NodeDetailsTest.event(node, "born"));
    nodes.saveInventory(new NodeInventory(0, null, null, node.id(), Map.of("cpu", 1), Map.of()));
    store.flows().open(lock, Drafts.flow(node, clock.instant()));
    assertThat(nodes.findByMacs(List.of("52:54:00:00:00:01", "52:54:00:00:00:FF")))
        .extracting(Node::uuid)
        .containsExactly(node.uuid());

    nodes.delete(lock, node);
    assertThat(nodes.find(node.uuid())).isEmpty();
    assertThat(store.ports().list(Query.ALL)).containsExactly(stays);
    assertThat(store.allocations().list(Query.ALL)).isEmpty();
    assertThat(store.flows().living(node.id())).isEmpty();
    Node next = node();
    assertThat(next.id()).isGreaterThan(other.id());
  }
}
