package dev.ironic.core.conductor;

import static dev.ironic.core.conductor.OperationsRig.assertFault;
import static dev.ironic.core.conductor.OperationsRig.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.Fault;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.NodeLock;
import dev.ironic.driver.InterfaceKind;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NodeOperationsTest {

  private final OperationsRig rig = new OperationsRig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void aNewNodeGetsTheDefaultInterfaces() {
    Node node = rig.operations.nodes().create(Node.draft(uuid(), "fake-hardware"));
    assertThat(node.interfaces())
        .containsOnlyKeys(InterfaceKind.values())
        .containsEntry(InterfaceKind.DEPLOY, "fake")
        .containsEntry(InterfaceKind.NETWORK, "noop");
    assertThat(rig.reload(node).interfaces()).isEqualTo(node.interfaces());
  }

  @Test
  void aNewNodeIsRefusedWithAnUnknownDriverOrInterface() {
    assertFault(
        Fault.DRIVER_NOT_FOUND,
        () -> rig.operations.nodes().create(Node.draft(uuid(), "steam-engine")));
    Node draft =
        Node.draft(uuid(), "fake-hardware")
            .with(b -> b.interfaces(Map.of(InterfaceKind.DEPLOY, "carrier-pigeon")));
    assertFault(Fault.INTERFACE_NOT_FOUND, () -> rig.operations.nodes().create(draft));
    assertThat(rig.store.nodes().find(draft.uuid())).isEmpty();
  }

  @Test
  void aChangeWritesOnlyWhatDiffers() {
    Node seen = rig.node();
    rig.change(seen, n -> n.with(b -> b.description("changed by somebody else")));
    Node updated = rig.update(seen, n -> n.with(b -> b.owner("me")));
    assertThat(updated.owner()).isEqualTo("me");
    assertThat(updated.description()).isEqualTo("changed by somebody else");
    assertThat(rig.reload(seen).reservation()).isNull();
  }

  @Test
  void leavingMaintenanceForgetsReasonAndFault() {
    Node node =
        rig.node(n -> n.with(b -> b.maintenance(true).maintenanceReason("why").fault("clean")));
    Node updated = rig.update(node, n -> n.with(b -> b.maintenance(false)));
    assertThat(updated.maintenanceReason()).isNull();
    assertThat(updated.fault()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"ENROLL, false", "AVAILABLE, false", "ACTIVE, true", "RESCUE, true"})
  void onlyNodesWithAnInstanceCanBeProtected(ProvisionState state, boolean allowed) {
    Node node = rig.nodeIn(state);
    if (allowed) {
      Node updated =
          rig.update(node, n -> n.with(b -> b.isProtected(true).protectedReason("precious")));
      assertThat(updated.protectedReason()).isEqualTo("precious");
      assertThat(rig.update(updated, n -> n.with(b -> b.isProtected(false))).protectedReason())
          .isNull();
    } else {
      assertFault(
          Fault.INVALID_STATE, () -> rig.update(node, n -> n.with(b -> b.isProtected(true))));
    }
  }

  @Test
  void aReasonNeedsWhatItIsAReasonFor() {
    Node node = rig.nodeIn(ProvisionState.ACTIVE);
    assertFault(
        Fault.INVALID_PARAMETER_VALUE,
        () -> rig.update(node, n -> n.with(b -> b.protectedReason("x"))));
    assertFault(
        Fault.INVALID_PARAMETER_VALUE,
        () -> rig.update(node, n -> n.with(b -> b.retiredReason("x"))));
  }

  @Test
  void anAvailableNodeCannotBeRetired() {
    Node node = rig.nodeIn(ProvisionState.AVAILABLE);
    assertFault(Fault.INVALID_STATE, () -> rig.update(node, n -> n.with(b -> b.retired(true))));
  }

  @Test
  void interfacesChangeOnlyInCertainStates() {
    Node fresh = rig.node();
    for (ProvisionState state : ProvisionState.values()) {
      Node node =
          rig.change(
              fresh, n -> n.with(b -> b.provisionState(state).interfaces(fresh.interfaces())));
      boolean allowed =
          switch (state) {
            case ENROLL, INSPECTING, INSPECT_WAIT, MANAGEABLE, AVAILABLE -> true;
            default -> false;
          };
      if (allowed) {
        assertThat(console(node).interfaces())
            .as(state.wireName())
            .containsEntry(InterfaceKind.CONSOLE, "scripted");
      } else {
        assertFault(Fault.INVALID_STATE, () -> console(node));
      }
    }
  }

  @Test
  void interfacesChangeInMaintenance() {
    Node node =
        rig.node(n -> n.with(b -> b.provisionState(ProvisionState.ACTIVE).maintenance(true)));
    assertThat(console(node).interfaces()).containsEntry(InterfaceKind.CONSOLE, "scripted");
  }

  private Node console(Node node) {
    return rig.update(
        node, n -> n.with(b -> b.interfaces(with(n, InterfaceKind.CONSOLE, "scripted"))));
  }

  private static Map<InterfaceKind, String> with(Node node, InterfaceKind kind, String name) {
    var interfaces = new EnumMap<InterfaceKind, String>(node.interfaces());
    interfaces.put(kind, name);
    return interfaces;
  }

  @Test
  void anInterfaceTakenAwayGoesBackToTheDefault() {
    Node node = console(rig.node());
    var interfaces = new EnumMap<InterfaceKind, String>(node.interfaces());
    interfaces.remove(InterfaceKind.CONSOLE);
    assertThat(rig.update(node, n -> n.with(b -> b.interfaces(interfaces))).interfaces())
        .containsEntry(InterfaceKind.CONSOLE, "fake");
  }

  @Test
  void aNewDriverWithResetTakesItsOwnDefaults() {
    Node node = console(rig.node());
    Node updated =
        rig.operations
            .nodes()
            .update(rig.context, node, node.with(b -> b.driver("scripted-hardware")), true);
    assertThat(updated.driver()).isEqualTo("scripted-hardware");
    assertThat(updated.interfaces())
        .containsEntry(InterfaceKind.CONSOLE, "fake")
        .containsEntry(InterfaceKind.MANAGEMENT, "scripted");
  }

  @Test
  void anInstanceIsNotReplacedByAnother() {
    Node node = rig.node();
    rig.update(node, n -> n.with(b -> b.instanceUuid(uuid())));
    assertFault(
        Fault.NODE_ASSOCIATED, () -> rig.update(node, n -> n.with(b -> b.instanceUuid(uuid()))));
  }

  @Test
  void theResourceClassOfAnActiveNodeStaysEvenInMaintenance() {
    Node node =
        rig.node(
            n ->
                n.with(
                    b ->
                        b.resourceClass("gold")
                            .maintenance(true)
                            .provisionState(ProvisionState.ACTIVE)));
    assertFault(
        Fault.INVALID_STATE, () -> rig.update(node, n -> n.with(b -> b.resourceClass("tin"))));
  }

  @Test
  void aBadRequestIsToldBeforeTheLockIsTried() {
    Node node = rig.node();
    NodeLock lock = rig.store.nodes().reserve(node.uuid(), "other");
    assertFault(
        Fault.INVALID_PARAMETER_VALUE,
        () -> rig.update(node, n -> n.with(b -> b.protectedReason("x"))));
    assertThat(rig.pauses).isEmpty();
    assertFault(Fault.NODE_LOCKED, () -> rig.update(node, n -> n.with(b -> b.owner("me"))));
    assertThat(rig.pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(1));
    rig.store.nodes().release(lock);
  }

  @Test
  void nodesAreDeletedOnlyInCertainStates() {
    for (ProvisionState state : ProvisionState.values()) {
      Node node = rig.nodeIn(state);
      boolean allowed =
          switch (state) {
            case ENROLL, MANAGEABLE, AVAILABLE, ADOPT_FAILED -> true;
            default -> false;
          };
      if (!allowed) {
        assertFault(Fault.INVALID_STATE, () -> destroy(node));
        rig.change(node, n -> n.with(b -> b.maintenance(true)));
      }
      destroy(node);
      assertThat(rig.store.nodes().find(node.uuid())).as(state.wireName()).isEmpty();
    }
  }

  private void destroy(Node node) {
    rig.operations.nodes().destroy(rig.context, node.uuid());
  }

  @Test
  void aNodeWithAnInstanceIsDeletedOnlyInMaintenance() {
    Node node = rig.node(n -> n.with(b -> b.instanceUuid(uuid())));
    assertFault(Fault.NODE_ASSOCIATED, () -> destroy(node));
    rig.change(node, n -> n.with(b -> b.maintenance(true)));
    destroy(node);
    assertThat(rig.store.nodes().find(node.uuid())).isEmpty();
  }

  @Test
  void aProtectedNodeIsNotDeletedEvenInMaintenance() {
    Node node = rig.node(n -> n.with(b -> b.isProtected(true).maintenance(true)));
    assertFault(Fault.NODE_PROTECTED, () -> destroy(node));
    assertThat(rig.reload(node).reservation()).isNull();
  }

  @Test
  void deletionStopsTheConsole() {
    Node node = console(rig.node());
    rig.hardware.consoleRuns = true;
    rig.change(node, n -> n.with(b -> b.consoleEnabled(true)));
    destroy(node);
    assertThat(rig.hardware.consoleRuns).isFalse();
  }

  @Test
  void deletionOfAvailableNodesCanBeForbidden() {
    try (var strict =
        new OperationsRig(Map.of("conductor.allow_deleting_available_nodes", "false"))) {
      Node node = strict.nodeIn(ProvisionState.AVAILABLE);
      assertFault(
          Fault.INVALID_STATE,
          () -> strict.operations.nodes().destroy(strict.context, node.uuid()));
    }
  }
}
