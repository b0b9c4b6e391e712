package dev.ironic.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Allocation;
import dev.ironic.core.model.AllocationBuilder;
import dev.ironic.core.model.Flow;
import dev.ironic.core.model.FlowBuilder;
import dev.ironic.core.model.FlowKind;
import dev.ironic.core.model.FlowStep;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.Port;
import dev.ironic.core.model.PortBuilder;
import dev.ironic.core.model.Portgroup;
import dev.ironic.core.model.PortgroupBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Rows to store. */
final class Drafts {

  private Drafts() {}

  static String uuid() {
    return UUID.randomUUID().toString();
  }

  static Node node() {
    return Node.draft(uuid(), "fake-hardware");
  }

  static Port port(Node node, String address) {
    return PortBuilder.builder()
        .uuid(uuid())
        .address(address)
        .nodeId(node.id())
        .nodeUuid(node.uuid())
        .pxeEnabled(true)
        .availableForDynamicPortgroup(true)
        .localLinkConnection(Map.of("port_id", "Ethernet1"))
        .internalInfo(Map.of())
        .extra(Map.of())
        .build();
  }

  static Portgroup portgroup(Node node) {
    return PortgroupBuilder.builder()
        .uuid(uuid())
        .nodeId(node.id())
        .nodeUuid(node.uuid())
        .mode("active-backup")
        .standalonePortsSupported(true)
        .properties(Map.of("bond_xmit_hash_policy", "layer3+4"))
        .internalInfo(Map.of())
        .extra(Map.of())
        .build();
  }

  static Allocation allocation() {
    return AllocationBuilder.builder()
        .uuid(uuid())
        .state("allocating")
        .resourceClass("gold")
        .traits(List.of("CUSTOM_GPU"))
        .candidateNodes(List.of())
        .extra(Map.of())
        .build();
  }

  static Flow flow(Node node, Instant now) {
    return FlowBuilder.builder()
        .uuid(uuid())
        .nodeId(node.id())
        .kind(FlowKind.DEPLOY)
        .state(Flow.State.RUNNING)
        .steps(List.of(step("write_image"), step("reboot")))
        .context(Map.of("rebuild", false))
        .startedAt(now)
        .build();
  }

  private static FlowStep step(String name) {
    return new FlowStep(
        "deploy",
        name,
        Map.of("depth", 3),
        80,
        false,
        true,
        "PROBE",
        FlowStep.State.PLANNED,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  static AbstractThrowableAssert<?, ? extends Throwable> assertFault(
      Fault fault, ThrowingCallable action) {
    return assertThatThrownBy(action)
        .isInstanceOfSatisfying(IronicException.class, e -> assertThat(e.fault()).isEqualTo(fault));
  }
}
