package dev.ironic.core.store;

import static dev.ironic.core.store.Drafts.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.Fault;
import dev.ironic.core.model.BiosSetting;
import dev.ironic.core.model.BiosSettingBuilder;
import dev.ironic.core.model.ConductorRecord;
import dev.ironic.core.model.FirmwareComponent;
import dev.ironic.core.model.FirmwareComponentBuilder;
import dev.ironic.core.model.HistoryEntry;
import dev.ironic.core.model.HistoryEntryBuilder;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.NodeInventory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Engine.class)
final class NodeDetailsTest {

  @Parameter Engine engine;
  private final ManualClock clock = new ManualClock();
  private Store store;
  private NodeRepository nodes;
  private Node node;
  private NodeLock lock;

  @BeforeEach
  void open() {
    store = engine.open(clock);
    nodes = store.nodes();
    node = nodes.insert(Drafts.node());
    lock = nodes.reserve(node.uuid(), "one");
  }

  @AfterEach
  void close() {
    store.close();
  }

  static HistoryEntry event(Node node, String text) {
    return HistoryEntryBuilder.builder()
        .uuid(Drafts.uuid())
        .nodeId(node.id())
        .conductor("one")
        .severity("ERROR")
        .event(text)
        .durationSeconds(7L)
        .build();
  }

  @Test
  void traitsAreReplaced() {
    nodes.setTraits(lock, List.of("CUSTOM_B", "CUSTOM_A"));
    nodes.setTraits(lock, List.of("HW_CPU_X86_VMX", "CUSTOM_B"));
    assertThat(nodes.get(node.uuid()).traits()).containsExactly("CUSTOM_B", "HW_CPU_X86_VMX");
    List<String> many = IntStream.range(0, 51).mapToObj(i -> "CUSTOM_" + i).toList();
    assertFault(Fault.INVALID_PARAMETER_VALUE, () -> nodes.setTraits(lock, many));
    nodes.setTraits(lock, List.of());
    assertThat(nodes.get(node.uuid()).traits()).isEmpty();
  }

  @Test
  void historyKeepsTheNewestAndTheYoung() {
    ConductorRecord conductor =
        store.conductors().register("one", "", List.of("fake-hardware"), List.of(), "test");
    nodes.update(lock, node, node.with(b -> b.conductorAffinity(conductor.id())));
    for (int i = 0; i < 5; i++) {
      nodes.addHistory(event(node, "event " + i));
      clock.advance(Duration.ofDays(1));
    }
    List<HistoryEntry> all = nodes.history(node.id(), Query.ALL);
    assertThat(all).extracting(HistoryEntry::event).startsWith("event 0").hasSize(5);
    assertThat(nodes.historyEntry(node.id(), all.get(1).uuid())).contains(all.get(1));
    assertThat(nodes.historyEntry(node.id() + 1, all.get(1).uuid())).isEmpty();

    var threeDaysAgo = clock.instant().minus(Duration.ofDays(3));
    assertThat(nodes.purgeHistory(conductor.id() + 1, 1, threeDaysAgo, 100)).isZero();
    assertThat(nodes.purgeHistory(conductor.id(), 1, threeDaysAgo, 1)).isEqualTo(1);
    assertThat(nodes.purgeHistory(conductor.id(), 1, threeDaysAgo, 100)).isEqualTo(1);
    assertThat(nodes.history(node.id(), Query.ALL))
        .extracting(HistoryEntry::event)
        .containsExactly("event 2", "event 3", "event 4");
  }

  @Test
  void aLongEventLosesItsMiddle() {
    nodes.addHistory(event(node, "begin" + "ü".repeat(50_000) + "end"));
    String stored = Objects.requireNonNull(nodes.history(node.id(), Query.ALL).getFirst().event());
    assertThat(stored).startsWith("beginü").endsWith("üend").contains(" ... ");
    assertThat(stored.getBytes(StandardCharsets.UTF_8).length).isBetween(65_000, 65_535);
  }

  @Test
  void firmwareSettingsAreReplaced() {
    BiosSetting boot =
        setting("BootMode", "Uefi").with(b -> b.allowableValues(List.of("Uefi", "Bios")));
    nodes.saveBiosSettings(lock, List.of(setting("ProcVirtualization", "Enabled"), boot));
    clock.advance(Duration.ofHours(1));
    nodes.saveBiosSettings(lock, List.of(boot.with(b -> b.value("Bios")), setting("Asset", "7")));
    List<BiosSetting> stored = nodes.biosSettings(node.id());
    assertThat(stored).extracting(BiosSetting::name).containsExactly("Asset", "BootMode");
    assertThat(stored.get(1).value()).isEqualTo("Bios");
    assertThat(stored.get(1).allowableValues()).containsExactly("Uefi", "Bios");
    assertThat(stored.get(1).createdAt()).isEqualTo(clock.instant().minus(Duration.ofHours(1)));
    assertThat(stored.get(1).updatedAt()).isEqualTo(clock.instant());
    assertThat(stored.get(0).allowableValues()).isNull();
  }

  private BiosSetting setting(String name, String value) {
    return BiosSettingBuilder.builder().nodeId(node.id()).name(name).value(value).build();
  }

  @Test
  void firmwareVersionsKeepTheFirstOneSeen() {
    nodes.saveFirmware(lock, List.of(component("bios", "1.0"), component("bmc", "5.0")));
    nodes.saveFirmware(lock, List.of(component("bios", "2.0")));
    FirmwareComponent bios = nodes.firmware(node.id()).getFirst();
    assertThat(nodes.firmware(node.id())).hasSize(1);
    assertThat(bios.initialVersion()).isEqualTo("1.0");
    assertThat(bios.currentVersion()).isEqualTo("2.0");
  }

  private FirmwareComponent component(String name, String version) {
    return FirmwareComponentBuilder.builder()
        .nodeId(node.id())
        .component(name)
        .initialVersion(version)
        .currentVersion(version)
        .build();
  }

  @Test
  void theNewestInventoryCounts() {
    assertThat(nodes.inventory(node.id())).isEmpty();
    nodes.saveInventory(new NodeInventory(0, null, null, node.id(), Map.of("n", 1), Map.of()));
    nodes.saveInventory(
        new NodeInventory(0, null, null, node.id(), Map.of("n", 2), Map.of("lldp", List.of())));
    NodeInventory stored = nodes.inventory(node.id()).orElseThrow();
    assertThat(stored.inventoryData()).isEqualTo(Map.of("n", 2));
    assertThat(stored.pluginData()).isEqualTo(Map.of("lldp", List.of()));
  }
}
