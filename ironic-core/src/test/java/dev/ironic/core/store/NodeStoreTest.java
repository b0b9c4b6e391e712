package dev.ironic.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.Port;
import dev.ironic.core.model.PortBuilder;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.PowerState;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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
    return nodes.insert(settings.apply(Node.draft(UUID.randomUUID().toString(), "fake-hardware")));
  }

  private Node node() {
    return node(n -> n);
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertFault(
      Fault fault, ThrowingCallable action) {
    return assertThatThrownBy(action)
        .isInstanceOfSatisfying(IronicException.class, e -> assertThat(e.fault()).isEqualTo(fault));
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
        Node.draft(UUID.randomUUID().toString(), "fake-hardware")
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

    NodeLock stolen = nodes.seize(node.uuid(), "one", "two");
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
  void deletingANodeTakesItsPortsAlong() {
    Node node = node();
    Port port =
        store
            .ports()
            .insert(
                PortBuilder.builder()
                    .uuid(UUID.randomUUID().toString())
                    .address("52:54:00:00:00:01")
                    .nodeId(node.id())
                    .nodeUuid("")
                    .pxeEnabled(true)
                    .localLinkConnection(Map.of())
                    .internalInfo(Map.of())
                    .extra(Map.of())
                    .build());
    assertThat(port.nodeUuid()).isEqualTo(node.uuid());
    assertThat(nodes.findByMacs(List.of("52:54:00:00:00:01"))).containsExactly(node);
    nodes.delete(nodes.reserve(node.uuid(), "one"), node);
    assertThat(nodes.find(node.uuid())).isEmpty();
    assertThat(store.ports().find(port.uuid())).isEmpty();
  }
}
