package dev.ironic.core.conductor;

import static dev.ironic.core.conductor.OperationsRig.assertFault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.ironic.core.Fault;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.NodeInventory;
import dev.ironic.core.model.Port;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.Query;
import dev.ironic.driver.DriverException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class InspectionOperationsTest {

  private static final String MAC = "52:54:00:00:00:01";

  private OperationsRig rig = new OperationsRig();

  @AfterEach
  void close() {
    rig.close();
  }

  private static Map<String, Object> inventory() {
    return Map.of(
        "interfaces",
        List.of(
            Map.of("name", "eth0", "mac_address", MAC, "ipv4_address", "192.0.2.5"),
            Map.of("name", "eth1", "mac_address", "52:54:00:00:00:02")),
        "cpu",
        Map.of("architecture", "x86_64", "count", 4),
        "memory",
        Map.of("physical_mb", 4096),
        "boot",
        Map.of("pxe_interface", "01-52-54-00-00-00-01", "current_boot_mode", "uefi"));
  }

  private Node waiting() {
    Node node = rig.scripted(n -> n.with(b -> b.provisionState(ProvisionState.MANAGEABLE)));
    rig.operations.inspection().inspect(rig.context, node.uuid());
    rig.settle();
    assertThat(rig.reload(node).provisionState()).isEqualTo(ProvisionState.INSPECT_WAIT);
    return rig.reload(node);
  }

  private void post(Node node, Map<String, Object> inventory, Map<String, Object> pluginData) {
    rig.operations
        .inspection()
        .resume(rig.context, node.uuid(), Map.copyOf(inventory), Map.copyOf(pluginData));
  }

  @Test
  void fakeHardwareIsInspectedAtOnce() {
    Node node = rig.nodeIn(ProvisionState.MANAGEABLE);
    rig.operations.inspection().inspect(rig.context, node.uuid());
    rig.settle();
    Node inspected = rig.reload(node);
    assertThat(inspected.provisionState()).isEqualTo(ProvisionState.MANAGEABLE);
    assertThat(inspected.targetProvisionState()).isNull();
    assertThat(inspected.inspectionFinishedAt()).isNotNull();
    assertThat(inspected.reservation()).isNull();
  }

  @Test
  void inspectionIsRefusedInOtherStates() {
    for (ProvisionState state : ProvisionState.values()) {
      if (state != ProvisionState.MANAGEABLE && state != ProvisionState.INSPECT_FAILED) {
        Node node = rig.nodeIn(state);
        assertFault(
            Fault.INVALID_STATE_REQUESTED,
            () -> rig.operations.inspection().inspect(rig.context, node.uuid()));
      }
    }
  }

  @Test
  void theRamdisksDataGetIntoTheNode() {
    Node node = waiting();
    assertThat(node.targetProvisionState()).isEqualTo(ProvisionState.MANAGEABLE);
    post(node, inventory(), Map.of("extra_thing", 1, "logs", "a lot"));
    rig.settle();
    Node inspected = rig.reload(node);
    assertThat(inspected.provisionState()).isEqualTo(ProvisionState.MANAGEABLE);
    assertThat(inspected.lastError()).isNull();
    assertThat(inspected.properties()).isEqualTo(Map.of("cpu_arch", "x86_64"));
    assertThat(rig.store.ports().list(Query.where("nodeId", node.id())))
        .extracting(Port::address, Port::pxeEnabled)
        .containsExactly(tuple(MAC, true));
    NodeInventory stored = rig.store.nodes().inventory(node.id()).orElseThrow();
    assertThat(stored.inventoryData()).containsKeys("interfaces", "cpu");
    assertThat(stored.pluginData())
        .containsOnlyKeys("extra_thing", "all_interfaces", "valid_interfaces", "macs")
        .containsEntry("macs", List.of(MAC));
  }

  @Test
  void theNodeHasMovedOnWhenThePostIsAnswered() throws InterruptedException {
    Node node = waiting();
    var go = new CountDownLatch(1);
    rig.hardware.during =
        () -> {
          try {
            go.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    post(node, inventory(), Map.of());
    assertThat(rig.reload(node).provisionState()).isEqualTo(ProvisionState.INSPECTING);
    go.countDown();
    rig.settle();
  }

  @Test
  void dataThatNobodyWaitsForAreTurnedAway() {
    Node node = rig.scripted(n -> n.with(b -> b.provisionState(ProvisionState.ACTIVE)));
    assertFault(Fault.NOT_FOUND, () -> post(node, inventory(), Map.of()));
    Node enrolled = rig.scripted(n -> n);
    assertFault(Fault.NOT_FOUND, () -> post(enrolled, inventory(), Map.of()));
  }

  @Test
  void everythingThatIsWrongWithTheDataIsToldAtOnce() {
    Node node = waiting();
    post(node, Map.of("interfaces", List.of()), Map.of("error", "no disk"));
    rig.settle();
    Node failed = rig.reload(node);
    assertThat(failed.provisionState()).isEqualTo(ProvisionState.INSPECT_FAILED);
    assertThat(failed.lastError())
        .contains("Failed to inspect hardware", "Ramdisk reported error: no disk", "interfaces");
    assertThat(rig.hardware.calls).endsWith("abort inspection");
    assertThat(rig.store.nodes().inventory(node.id())).isEmpty();
  }

  @Test
  void aMachineThatCannotBeStartedFailsTheInspection() {
    Node node = rig.scripted(n -> n.with(b -> b.provisionState(ProvisionState.MANAGEABLE)));
    rig.hardware.failure = DriverException.unreachable("controller is silent", null);
    rig.operations.inspection().inspect(rig.context, node.uuid());
    rig.settle();
    assertThat(rig.reload(node).provisionState()).isEqualTo(ProvisionState.INSPECT_FAILED);
    assertThat(rig.reload(node).lastError()).contains("controller is silent");
  }

  @Test
  void moreHooksReadMoreProperties() {
    rig.close();
    rig = new OperationsRig(Map.of("inspector.hooks", "$default_hooks,memory,cpus,boot-mode"));
    Node node = waiting();
    post(node, inventory(), Map.of());
    rig.settle();
    assertThat(rig.reload(node).properties())
        .containsEntry("cpu_arch", "x86_64")
        .containsEntry("capabilities", "boot_mode:uefi")
        .extractingByKeys("memory_mb", "cpus")
        .extracting(value -> ((Number) value).longValue())
        .containsExactly(4096L, 4L);
  }

  @Test
  void portsThatWereNotSeenGoIfWanted() {
    rig.close();
    rig =
        new OperationsRig(Map.of("inspector.keep_ports", "present", "inspector.add_ports", "all"));
    Node node = waiting();
    post(node, inventory(), Map.of());
    rig.settle();
    Map<String, Object> less =
        Map.of(
            "interfaces",
            List.of(Map.of("name", "eth1", "mac_address", "52:54:00:00:00:02")),
            "cpu",
            Map.of("architecture", "x86_64"));
    rig.operations.inspection().inspect(rig.context, node.uuid());
    rig.settle();
    post(node, less, Map.of());
    rig.settle();
    assertThat(rig.store.ports().list(Query.where("nodeId", node.id())))
        .extracting(Port::address)
        .containsExactly("52:54:00:00:00:02");
  }

  @Test
  void aDiscoveredNodeStaysEnrolled() {
    rig.close();
    rig =
        new OperationsRig(
            Map.of("auto_discovery.enabled", "true", "auto_discovery.driver", "fake-hardware"));
    Node node = rig.scripted(n -> n);
    post(node, inventory(), Map.of("auto_discovered", true));
    rig.settle();
    assertThat(rig.reload(node).provisionState()).isEqualTo(ProvisionState.ENROLL);
    assertThat(rig.reload(node).properties()).containsEntry("cpu_arch", "x86_64");
    assertThat(rig.store.nodes().inventory(node.id())).isPresent();
  }
}
