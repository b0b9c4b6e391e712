package dev.ironic.core.store;

import static dev.ironic.core.store.Drafts.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.Fault;
import dev.ironic.core.model.Allocation;
import dev.ironic.core.model.Chassis;
import dev.ironic.core.model.ConductorInterface;
import dev.ironic.core.model.ConductorRecord;
import dev.ironic.core.model.DeployTemplate;
import dev.ironic.core.model.InspectionRule;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.Port;
import dev.ironic.core.model.Portgroup;
import dev.ironic.core.model.Runbook;
import dev.ironic.core.model.RunbookStep;
import dev.ironic.core.model.TemplateStep;
import dev.ironic.core.model.VolumeConnector;
import dev.ironic.core.model.VolumeTarget;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Engine.class)
final class ResourcesTest {

  @Parameter Engine engine;
  private final ManualClock clock = new ManualClock();
  private Store store;
  private Node node;

  @BeforeEach
  void open() {
    store = engine.open(clock);
    node = store.nodes().insert(Drafts.node());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static <T extends Record> void assertStored(Repository<T> repository, T draft, T stored) {
    assertThat(stored)
        .usingRecursiveComparison()
        .ignoringFields("id", "createdAt", "nodeUuid")
        .isEqualTo(draft);
    assertThat(repository.list(Query.ALL)).contains(stored);
  }

  @Test
  void portsAndPortGroups() {
    Portgroup group = Drafts.portgroup(node);
    Portgroup storedGroup = store.portgroups().insert(group);
    assertStored(store.portgroups(), group, storedGroup);
    Port port = store.ports().insert(Drafts.port(node, "52:54:00:00:00:01"));
    assertStored(store.ports(), port, port);
    clock.advance(Duration.ofSeconds(1));
    Port member = store.ports().update(port, port.with(b -> b.portgroupId(storedGroup.id())));
    assertThat(member.portgroupUuid()).isEqualTo(group.uuid());
    assertThat(member.updatedAt()).isEqualTo(clock.instant());
    assertThat(store.ports().list(Query.where("portgroupUuid", group.uuid())))
        .containsExactly(member);
    assertFault(
            Fault.ALREADY_EXISTS,
            () -> store.ports().insert(Drafts.port(node, "52:54:00:00:00:01")))
        .hasMessage("A port with MAC address 52:54:00:00:00:01 already exists.");
    assertFault(Fault.PORTGROUP_NOT_EMPTY, () -> store.portgroups().delete(storedGroup));
    store.ports().delete(member);
    store.portgroups().delete(storedGroup);
    assertFault(Fault.NOT_FOUND, () -> store.ports().delete(member))
        .hasMessage("Port %s could not be found.", member.uuid());
    assertFault(
        Fault.NOT_FOUND,
        () ->
            store
                .ports()
                .insert(Drafts.port(node, "52:54:00:00:00:02").with(b -> b.nodeId(99_999))));
  }

  @Test
  void chassis() {
    Chassis draft = new Chassis(0, Drafts.uuid(), null, null, "rack 1", Map.of("row", 3));
    Chassis chassis = store.chassis().insert(draft);
    assertStored(store.chassis(), draft, chassis);
    NodeLock lock = store.nodes().reserve(node.uuid(), "one");
    Node inside = store.nodes().update(lock, node, node.with(b -> b.chassisId(chassis.id())));
    assertFault(Fault.CHASSIS_NOT_EMPTY, () -> store.chassis().delete(chassis));
    store.nodes().update(lock, inside, inside.with(b -> b.chassisId(null)));
    store.chassis().delete(chassis);
    assertThat(store.chassis().find(chassis.uuid())).isEmpty();
  }

  @Test
  void anAllocationMarksItsNode() {
    Allocation allocation = store.allocations().insert(Drafts.allocation());
    Allocation active =
        store
            .allocations()
            .update(allocation, allocation.with(b -> b.nodeId(node.id()).state("active")));
    assertThat(active.nodeUuid()).isEqualTo(node.uuid());
    Node taken = store.nodes().get(node.uuid());
    assertThat(taken.instanceUuid()).isEqualTo(allocation.uuid());
    assertThat(taken.allocationId()).isEqualTo(allocation.id());
    assertThat(taken.instanceInfo()).isEqualTo(Map.of("traits", List.of("CUSTOM_GPU")));

    Allocation second = store.allocations().insert(Drafts.allocation());
    assertFault(
        Fault.NODE_ASSOCIATED,
        () -> store.allocations().update(second, second.with(b -> b.nodeId(node.id()))));
    assertThat(store.allocations().get(second.uuid()).nodeId()).isNull();

    store.allocations().delete(active);
    Node free = store.nodes().get(node.uuid());
    assertThat(free.instanceUuid()).isNull();
    assertThat(free.allocationId()).isNull();
  }

  @Test
  void deployTemplatesAndRunbooksHaveSteps() {
    DeployTemplate template =
        new DeployTemplate(
            0,
            Drafts.uuid(),
            null,
            null,
            "CUSTOM_HT_ON",
            List.of(
                new TemplateStep("bios", "apply_configuration", Map.of("settings", List.of()), 150),
                new TemplateStep("raid", "apply", Map.of(), 10)),
            Map.of());
    DeployTemplate stored = store.deployTemplates().insert(template);
    assertStored(store.deployTemplates(), template, stored);
    assertThat(store.deployTemplates().get("CUSTOM_HT_ON")).isEqualTo(stored);
    DeployTemplate shorter =
        store
            .deployTemplates()
            .update(stored, stored.with(b -> b.steps(List.of(template.steps().get(1)))));
    assertThat(shorter.steps()).containsExactly(template.steps().get(1));
    store.deployTemplates().delete(shorter);

    Runbook runbook =
        new Runbook(
            0,
            Drafts.uuid(),
            null,
            null,
            "update-all",
            null,
            true,
            "p1",
            false,
            List.of(new RunbookStep("firmware", "update", Map.of("a", 1), 1)),
            List.of("CUSTOM_A", "CUSTOM_B"),
            Map.of());
    Runbook storedRunbook = store.runbooks().insert(runbook);
    assertStored(store.runbooks(), runbook, storedRunbook);
    assertThat(store.runbooks().list(Query.where("isPublic", true))).hasSize(1);
    assertFault(
        Fault.ALREADY_EXISTS,
        () -> store.runbooks().insert(runbook.with(b -> b.uuid(Drafts.uuid()))));
    store.runbooks().delete(storedRunbook);
    assertThat(store.runbooks().count(Query.ALL)).isZero();
  }

  @Test
  void inspectionRules() {
    InspectionRule rule =
        new InspectionRule(
            0,
            Drafts.uuid(),
            null,
            null,
            5,
            "set driver",
            null,
            true,
            "main",
            List.of(Map.of("op", "eq", "args", List.of("a", "b"))),
            List.of(Map.of("op", "fail")));
    assertStored(store.inspectionRules(), rule, store.inspectionRules().insert(rule));
  }

  @Test
  void volumes() {
    VolumeConnector connector =
        new VolumeConnector(
            0, Drafts.uuid(), null, null, node.id(), "", "iqn", "iqn.2026:x", Map.of());
    assertStored(store.volumeConnectors(), connector, store.volumeConnectors().insert(connector));
    assertFault(
            Fault.ALREADY_EXISTS,
            () -> store.volumeConnectors().insert(connector.with(b -> b.uuid(Drafts.uuid()))))
        .hasMessage("A volume connector with type iqn and connector ID iqn.2026:x already exists.");
    VolumeTarget target =
        new VolumeTarget(
            0,
            Drafts.uuid(),
            null,
            null,
            node.id(),
            "",
            "iscsi",
            Map.of("p", 1),
            0,
            "v1",
            Map.of());
    assertStored(store.volumeTargets(), target, store.volumeTargets().insert(target));
    assertFault(
            Fault.ALREADY_EXISTS,
            () -> store.volumeTargets().insert(target.with(b -> b.uuid(Drafts.uuid()))))
        .hasMessageContaining("boot index '0'");
  }

  @Test
  void conductorsLiveAndLeave() {
    var offer = new ConductorInterface(0, null, null, 0, "ipmi", "power", "ipmitool", true);
    ConductorRecord one =
        store.conductors().register("one", "", List.of("ipmi"), List.of(offer), "first");
    assertThat(store.conductors().interfaces(List.of(one.id())))
        .singleElement()
        .satisfies(found -> assertThat(found.conductorId()).isEqualTo(one.id()));
    ConductorRecord again =
        store
            .conductors()
            .register("one", "rack", List.of("ipmi", "redfish"), List.of(), "second", one);
    assertThat(again.id()).isEqualTo(one.id());
    assertThat(again.conductorGroup()).isEqualTo("rack");
    assertThat(store.conductors().interfaces(List.of(one.id()))).isEmpty();

    assertThat(again.incarnation()).isEqualTo("second");

    NodeLock lock = store.nodes().reserve(node.uuid(), "one");
    store.nodes().update(lock, node, node.with(b -> b.conductorAffinity(one.id())));
    store.conductors().delete(again);
    Node left = store.nodes().get(node.uuid());
    assertThat(left.reservation()).isNull();
    assertThat(left.conductorAffinity()).isNull();
  }

  @Test
  void aConductorIsFreshUntilItIsSilentForLong() {
    var minute = Duration.ofSeconds(60);
    var moment = Duration.ofMillis(50);
    store.conductors().register("one", "", List.of("ipmi"), List.of(), "first");
    assertThat(store.conductors().active(minute)).hasSize(1);
    assertThat(store.conductors().isFresh("one", minute)).isTrue();
    assertThat(store.conductors().offline(minute)).isEmpty();
    // PostgreSQL tells the time by its own clock, which cannot be moved.
    Awaitility.await()
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(
            () -> {
              clock.advance(moment);
              assertThat(store.conductors().offline(moment)).hasSize(1);
            });
    assertThat(store.conductors().active(moment)).isEmpty();
    assertThat(store.conductors().isFresh("one", moment)).isFalse();
    assertThat(store.conductors().active(Duration.ZERO)).hasSize(1);

    assertThat(store.conductors().touch("one", "first", false)).isTrue();
    assertThat(store.conductors().active(minute)).isEmpty();
    assertThat(store.conductors().offline(minute)).isEmpty();
    assertThat(store.conductors().isFresh("one", minute)).isTrue();
  }

  @Test
  void theClockOfAConductorsHostDoesNotMatterOnPostgresql() {
    Assumptions.assumeTrue(engine == Engine.POSTGRESQL, "SQLite is used on one host");
    clock.advance(Duration.ofDays(1));
    store.conductors().register("one", "", List.of("ipmi"), List.of(), "first");
    clock.advance(Duration.ofDays(-2));
    assertThat(store.conductors().active(Duration.ofSeconds(60))).hasSize(1);
    assertThat(store.conductors().offline(Duration.ofSeconds(60))).isEmpty();
  }

  @Test
  void whoseNameWasTakenIsNotKeptFresh() {
    store.conductors().register("one", "", List.of("ipmi"), List.of(), "first");
    ConductorRecord first = store.conductors().get("one");
    store.conductors().register("one", "", List.of("ipmi"), List.of(), "second", first);
    store.conductors().advertise("one", "second", "tcp://192.0.2.2:8089");
    assertThat(store.conductors().touch("one", "first", false)).isFalse();
    store.conductors().advertise("one", "first", "tcp://192.0.2.1:8089");
    store.conductors().retire("one", "first");
    assertThat(store.conductors().get("one").rpcAddress()).isEqualTo("tcp://192.0.2.2:8089");
    assertThat(store.conductors().get("one").online()).isTrue();
    assertThat(store.conductors().get("one").incarnation()).isEqualTo("second");
    store.conductors().retire("one", "second");
    assertThat(store.conductors().get("one").online()).isFalse();
    assertThat(store.conductors().get("one").incarnation()).isNull();
    assertFault(Fault.NOT_FOUND, () -> store.conductors().touch("nobody", "first", true));
  }

  private void assertTaken(@Nullable ConductorRecord former) {
    assertFault(
        Fault.ALREADY_EXISTS,
        () -> store.conductors().register("one", "", List.of(), List.of(), "second", former));
    assertThat(store.conductors().get("one").incarnation()).isEqualTo("first");
  }

  @Test
  void aNameIsTakenOnlyFromWhoWasSeenToBeOver() {
    ConductorRecord first =
        store.conductors().register("one", "", List.of("ipmi"), List.of(), "first");
    assertTaken(null);
    assertTaken(first.with(b -> b.incarnation("zeroth")));
    // PostgreSQL tells the time by its own clock, which cannot be moved.
    Awaitility.await()
        .until(
            () -> {
              clock.advance(Duration.ofSeconds(1));
              store.conductors().touch("one", "first", true);
              return !first.updatedAt().equals(store.conductors().get("one").updatedAt());
            });
    assertTaken(first);
    // A process may always register again.
    store.conductors().register("one", "", List.of("redfish"), List.of(), "first");
    assertThat(store.conductors().get("one").drivers()).containsExactly("redfish");
    store.conductors().retire("one", "first");
    store.conductors().register("one", "", List.of(), List.of(), "second");
    assertThat(store.conductors().get("one").incarnation()).isEqualTo("second");
  }

  @Test
  void whatChangesNothingIsNoUpdateButForChassis() {
    Port port = store.ports().insert(Drafts.port(node, "52:54:00:00:00:09"));
    Chassis chassis =
        store.chassis().insert(new Chassis(0, Drafts.uuid(), null, null, "rack 2", Map.of()));
    clock.advance(Duration.ofSeconds(1));
    assertThat(store.ports().update(port, port)).isEqualTo(port);
    assertThat(store.ports().get(port.uuid()).updatedAt()).isNull();
    assertThat(store.chassis().update(chassis, chassis).updatedAt()).isEqualTo(clock.instant());
  }
}
