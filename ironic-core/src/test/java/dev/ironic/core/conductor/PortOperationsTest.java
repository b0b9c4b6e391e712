package dev.ironic.core.conductor;

import static dev.ironic.core.conductor.OperationsRig.assertFault;
import static dev.ironic.core.conductor.OperationsRig.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.Port;
import dev.ironic.core.model.PortBuilder;
import dev.ironic.core.model.Portgroup;
import dev.ironic.core.model.PortgroupBuilder;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.model.VolumeConnector;
import dev.ironic.core.model.VolumeTarget;
import dev.ironic.driver.PowerState;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ports, port groups, and volume objects. */
final class PortOperationsTest {

  private final OperationsRig rig = new OperationsRig();
  private final PortOperations ports = rig.operations.ports();

  @AfterEach
  void close() {
    rig.close();
  }

  private Port port(Node node, String address, UnaryOperator<Port> fields) {
    Port draft =
        PortBuilder.builder()
            .uuid(uuid())
            .address(address)
            .nodeId(node.id())
            .nodeUuid(node.uuid())
            .pxeEnabled(true)
            .localLinkConnection(Map.of())
            .internalInfo(Map.of())
            .extra(Map.of())
            .build();
    return ports.create(rig.context, fields.apply(draft));
  }

  private Port port(Node node) {
    return port(node, "52:54:00:00:00:01", p -> p);
  }

  private Port update(Port port, UnaryOperator<Port> change) {
    return ports.update(rig.context, port, change.apply(port));
  }

  private Portgroup group(Node node) {
    return rig.store
        .portgroups()
        .insert(
            PortgroupBuilder.builder()
                .uuid(uuid())
                .name("bond")
                .nodeId(node.id())
                .nodeUuid(node.uuid())
                .address("52:54:00:00:00:aa")
                .mode("802.3ad")
                .standalonePortsSupported(true)
                .properties(Map.of())
                .internalInfo(Map.of())
                .extra(Map.of())
                .build());
  }

  @Test
  void aPortIsCreatedWithoutTheNodesLock() {
    Node node = rig.node();
    var lock = rig.store.nodes().reserve(node.uuid(), "other");
    assertThat(port(node).id()).isPositive();
    rig.store.nodes().release(lock);
  }

  @Test
  void theAddressOfANodeInUseIsChangedOnlyInMaintenance() {
    Node node = rig.node(n -> n.with(b -> b.instanceUuid(uuid())));
    Port port = port(node);
    assertFault(
        Fault.INVALID_STATE, () -> update(port, p -> p.with(b -> b.address("52:54:00:00:00:02"))));
    rig.change(node, n -> n.with(b -> b.maintenance(true)));
    assertThat(update(port, p -> p.with(b -> b.address("52:54:00:00:00:02"))).address())
        .isEqualTo("52:54:00:00:00:02");
  }

  @Test
  void connectivityChangesOnlyInCertainStates() {
    Node node = rig.node();
    Port port = port(node);
    for (ProvisionState state : ProvisionState.values()) {
      rig.change(node, n -> n.with(b -> b.provisionState(state)));
      Port current = rig.store.ports().get(port.uuid());
      UnaryOperator<Port> change = p -> p.with(b -> b.pxeEnabled(!p.pxeEnabled()));
      switch (state) {
        case ENROLL, INSPECTING, INSPECT_WAIT, MANAGEABLE ->
            assertThat(update(current, change).pxeEnabled())
                .as(state.wireName())
                .isNotEqualTo(current.pxeEnabled());
        default -> assertFault(Fault.CONFLICT, () -> update(current, change));
      }
      Port now = rig.store.ports().get(port.uuid());
      assertThat(update(now, p -> p.with(b -> b.extra(Map.of("k", state.name())))).extra())
          .as(state.wireName())
          .containsEntry("k", state.name());
    }
  }

  @Test
  void aPortWithAVifIsDeletedOnlyInMaintenance() {
    Node node = rig.node();
    Port port =
        port(
            node,
            "52:54:00:00:00:01",
            p -> p.with(b -> b.internalInfo(Map.of("tenant_vif_port_id", "v1"))));
    assertFault(Fault.INVALID_STATE, () -> ports.destroy(rig.context, port.uuid()));
    rig.change(node, n -> n.with(b -> b.maintenance(true)));
    ports.destroy(rig.context, port.uuid());
    assertThat(rig.store.ports().find(port.uuid())).isEmpty();
    assertFault(Fault.NOT_FOUND, () -> ports.destroy(rig.context, port.uuid()));
  }

  @Test
  void membersOfAGroupShareAPhysicalNetwork() {
    Node node = rig.node();
    Portgroup group = group(node);
    port(
        node,
        "52:54:00:00:00:01",
        p ->
            p.with(
                b -> b.portgroupId(group.id()).portgroupUuid(group.uuid()).physicalNetwork("net")));
    assertThatThrownBy(
            () ->
                port(
                    node,
                    "52:54:00:00:00:02",
                    p ->
                        p.with(
                            b ->
                                b.portgroupId(group.id())
                                    .portgroupUuid(group.uuid())
                                    .physicalNetwork("other"))))
        .isInstanceOfSatisfying(IronicException.class, e -> assertThat(e.status()).isEqualTo(409));
  }

  @Test
  void aGroupWithoutPhysicalNetworkTakesThatOfItsMember() {
    Node node = rig.node();
    Portgroup group = group(node);
    Port plain = port(node, "52:54:00:00:00:01", p -> p.with(b -> b.physicalNetwork("net")));
    assertThat(rig.store.portgroups().get(group.uuid()).physicalNetwork()).isNull();
    ports.update(
        rig.context, plain, plain.with(b -> b.portgroupId(group.id()).portgroupUuid(group.uuid())));
    assertThat(rig.store.portgroups().get(group.uuid()).physicalNetwork()).isEqualTo("net");
  }

  @Test
  void aGroupWithPortsIsNotDeleted() {
    Node node = rig.node();
    Portgroup group = group(node);
    Port port =
        port(
            node,
            "52:54:00:00:00:01",
            p -> p.with(b -> b.portgroupId(group.id()).portgroupUuid(group.uuid())));
    assertFault(Fault.PORTGROUP_NOT_EMPTY, () -> ports.destroyGroup(rig.context, group.uuid()));
    ports.destroy(rig.context, port.uuid());
    ports.destroyGroup(rig.context, group.uuid());
    assertThat(rig.store.portgroups().find(group.uuid())).isEmpty();
  }

  @Test
  void theAddressOfAGroupFollowsTheSameRuleAsThatOfAPort() {
    Node node = rig.nodeIn(ProvisionState.ACTIVE);
    Portgroup group = group(node);
    assertFault(
        Fault.INVALID_STATE,
        () -> ports.update(rig.context, group, group.with(b -> b.address("52:54:00:00:00:bb"))));
    assertThat(ports.update(rig.context, group, group.with(b -> b.extra(Map.of("k", 1)))).extra())
        .containsKey("k");
  }

  @Test
  void volumeObjectsChangeOnlyWhileTheMachineIsOff() {
    Node node = rig.nodeIn(ProvisionState.ACTIVE);
    VolumeOperations volumes = rig.operations.volumes();
    VolumeConnector connector =
        rig.store
            .volumeConnectors()
            .insert(
                new VolumeConnector(
                    0, uuid(), null, null, node.id(), node.uuid(), "ip", "192.0.2.1", Map.of()));
    VolumeTarget target =
        rig.store
            .volumeTargets()
            .insert(
                new VolumeTarget(
                    0,
                    uuid(),
                    null,
                    null,
                    node.id(),
                    node.uuid(),
                    "iscsi",
                    Map.of(),
                    0,
                    "v",
                    Map.of()));
    VolumeConnector changed = connector.with(b -> b.connectorId("192.0.2.2"));
    assertFault(
        Fault.INVALID_STATE_REQUESTED, () -> volumes.update(rig.context, connector, changed));
    assertFault(
        Fault.INVALID_STATE_REQUESTED,
        () -> volumes.destroyConnector(rig.context, connector.uuid()));
    assertFault(
        Fault.INVALID_STATE_REQUESTED, () -> volumes.destroyTarget(rig.context, target.uuid()));
    rig.change(node, n -> n.with(b -> b.powerState(PowerState.POWER_OFF)));
    assertThat(volumes.update(rig.context, connector, changed).connectorId())
        .isEqualTo("192.0.2.2");
    assertThat(volumes.update(rig.context, target, target.with(b -> b.bootIndex(1))).bootIndex())
        .isEqualTo(1);
    volumes.destroyConnector(rig.context, connector.uuid());
    volumes.destroyTarget(rig.context, target.uuid());
    assertThat(rig.store.volumeTargets().find(target.uuid())).isEmpty();
  }

  @Test
  void volumeObjectsOfAnUnusedNodeAreDeletedWhateverItsPower() {
    Node node = rig.node(n -> n.with(b -> b.powerState(PowerState.POWER_ON)));
    VolumeConnector connector =
        rig.store
            .volumeConnectors()
            .insert(
                new VolumeConnector(
                    0, uuid(), null, null, node.id(), node.uuid(), "ip", "192.0.2.1", Map.of()));
    rig.operations.volumes().destroyConnector(rig.context, connector.uuid());
    assertThat(rig.store.volumeConnectors().find(connector.uuid())).isEmpty();
  }
}
