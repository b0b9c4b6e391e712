package dev.ironic.core.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.model.HistoryEntry;
import dev.ironic.core.model.HistoryEntryBuilder;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.NodeLock;
import dev.ironic.core.store.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a conductor ends and removes after some time. */
class TimeoutTest {

  private final PeriodicRig rig = new PeriodicRig();

  @AfterEach
  void close() {
    rig.close();
  }

  private Node waiting(Node node, ProvisionState state, ProvisionState target) {
    return node.with(
        b ->
            b.provisionState(state)
                .targetProvisionState(target)
                .inspectionStartedAt(rig.time.instant()));
  }

  @ParameterizedTest
  @CsvSource({
    "deploy_callback_timeout, WAIT_CALL_BACK, ACTIVE, DEPLOY_FAILED",
    "clean_callback_timeout, CLEAN_WAIT, AVAILABLE, CLEAN_FAILED",
    "service_callback_timeout, SERVICE_WAIT, ACTIVE, SERVICE_FAILED",
    "rescue_callback_timeout, RESCUE_WAIT, RESCUE, RESCUE_FAILED",
    "inspect_wait_timeout, INSPECT_WAIT, MANAGEABLE, INSPECT_FAILED"
  })
  void waitingEnds(
      String option, ProvisionState state, ProvisionState target, ProvisionState failure) {
    rig.with("conductor." + option, "300");
    Node node = rig.node();
    rig.change(node, n -> waiting(n, state, target));
    Node busy = rig.node(n -> waiting(n, state, target));
    NodeLock lock = rig.store.nodes().reserve(busy.uuid(), "somebody");
    Node maintained = rig.node(n -> waiting(n, state, target).with(b -> b.maintenance(true)));
    Node child = rig.node(n -> waiting(n, state, target).with(b -> b.parentNode(node.uuid())));
    Node foreign = rig.change(rig.foreign(), n -> waiting(n, state, target));
    rig.pass(290);
    assertThat(rig.node(node).provisionState()).isEqualTo(state);
    rig.pass(70);
    Node ended = rig.node(node);
    assertThat(ended.provisionState()).isEqualTo(failure);
    assertThat(ended.lastError()).startsWith("Timeout reached").contains("300 s");
    for (Node other : List.of(busy, maintained, child, foreign)) {
      assertThat(rig.node(other).provisionState()).isEqualTo(state);
    }
    rig.store.nodes().release(lock);
  }

  @Test
  void oneRoundEndsNotMoreThanSoMany() {
    rig.with("conductor.periodic_max_workers", "2");
    var nodes = new ArrayList<Node>();
    for (int i = 0; i < 3; i++) {
      nodes.add(rig.node(n -> waiting(n, ProvisionState.CLEAN_WAIT, ProvisionState.AVAILABLE)));
    }
    rig.pass(1801);
    assertThat(nodes)
        .filteredOn(node -> rig.node(node).provisionState() == ProvisionState.CLEAN_FAILED)
        .hasSize(2);
    rig.pass(60);
    assertThat(nodes)
        .allMatch(node -> rig.node(node).provisionState() == ProvisionState.CLEAN_FAILED);
  }

  @Test
  void oldHistoryOfOwnNodesGoesFirst() {
    rig.with("conductor.node_history_max_entries", "3")
        .with("conductor.node_history_cleanup_interval", "600")
        .with("conductor.node_history_cleanup_batch_count", "4");
    Node mine = rig.node(n -> n.with(b -> b.conductorAffinity(rig.conductor().id())));
    Node foreign = rig.node();
    for (int i = 1; i <= 8; i++) {
      rig.store.nodes().addHistory(entry(mine, "event " + i));
      rig.store.nodes().addHistory(entry(foreign, "event " + i));
    }
    rig.round("history", 600);
    assertThat(events(mine)).containsExactly("event 5", "event 6", "event 7", "event 8");
    rig.round("history", 600);
    assertThat(events(mine)).containsExactly("event 6", "event 7", "event 8");
    assertThat(events(foreign)).hasSize(8);
  }

  @Test
  void youngHistoryStays() {
    rig.with("conductor.node_history_max_entries", "1")
        .with("conductor.node_history_cleanup_interval", "3600")
        .with("conductor.node_history_minimum_days", "1");
    Node mine = rig.node(n -> n.with(b -> b.conductorAffinity(rig.conductor().id())));
    for (int i = 1; i <= 3; i++) {
      rig.store.nodes().addHistory(entry(mine, "event " + i));
    }
    rig.round("history", 3600);
    assertThat(events(mine)).hasSize(3);
    rig.round("history", 86400);
    assertThat(events(mine)).containsExactly("event 3");
  }

  private static HistoryEntry entry(Node node, String event) {
    return HistoryEntryBuilder.builder()
        .uuid(UUID.randomUUID().toString())
        .nodeId(node.id())
        .conductor("cond-1")
        .eventType("test")
        .severity("INFO")
        .event(event)
        .build();
  }

  private List<String> events(Node node) {
    return rig.store.nodes().history(node.id(), Query.ALL).stream()
        .map(HistoryEntry::event)
        .toList();
  }
}
