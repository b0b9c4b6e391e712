package dev.ironic.examples.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ironic.core.RequestContext;
import dev.ironic.core.conductor.Conductor;
import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.model.ConductorRecord;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.DatabaseUrl;
import dev.ironic.core.store.SqlStore;
import dev.ironic.core.store.Store;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is static: conductors come and go in one JVM and leave nothing behind. */
class TwoConductorsTest {

  private static final RequestContext ME = RequestContext.internal("req-1");
  private static final IronicConfig CONFIG =
      IronicConfig.of(
          Map.of(
              "DEFAULT",
              Map.of(
                  "enabled_hardware_types", "fake-hardware",
                  "enabled_boot_interfaces", "fake",
                  "enabled_deploy_interfaces", "fake")));

  @TempDir Path folder;

  @Test
  void twoShareADatabaseAndOneOutlivesTheOther() {
    try (var store = openStore();
        var first = start("first", store)) {
      try (var second = start("second", store)) {
        assertThat(store.conductors().active(Duration.ofMinutes(1)))
            .extracting(ConductorRecord::hostname)
            .containsExactlyInAnyOrder("first", "second");
        assertThat(deployBy(first, store).conductorAffinity()).isEqualTo(first.id());
        assertThat(deployBy(second, store).conductorAffinity()).isEqualTo(second.id());
      }
      assertThat(store.conductors().active(Duration.ofMinutes(1)))
          .extracting(ConductorRecord::hostname)
          .containsExactly("first");
      deployBy(first, store);
    }
  }

  @Test
  void closingLeavesNoThreadBehind() {
    // Once to let libraries start what they keep for good, such as a cleaner of native memory.
    useTwo();
    Set<String> before = Threads.alive(folder);

    Set<String> during = useTwo();

    assertThat(during)
        .as("the dump shows the threads of conductors")
        .anyMatch(line -> line.contains("conductor first"));
    await()
        .untilAsserted(
            () -> {
              var left = new HashSet<>(Threads.alive(folder));
              left.removeAll(before);
              assertThat(left).isEmpty();
            });
  }

  /** The threads alive in the midst of it. */
  private Set<String> useTwo() {
    try (var oneStore = openStore();
        var otherStore = openStore();
        var first = start("first", oneStore);
        var second = start("second", otherStore)) {
      deployBy(first, oneStore);
      deployBy(second, otherStore);
      return Threads.alive(folder);
    }
  }

  private static Store openStore() {
    return SqlStore.open(DatabaseUrl.parse("sqlite://"), Clock.systemUTC());
  }

  private static Conductor start(String host, Store store) {
    return Conductor.builder().store(store).config(CONFIG).host(host).start();
  }

  private static Node deployBy(Conductor conductor, Store store) {
    Node node = Node.draft(UUID.randomUUID().toString(), "fake-hardware");
    conductor.service().createNode(ME, node);
    conductor.service().doProvisioningAction(ME, node.uuid(), "manage");
    awaitState(store, node, ProvisionState.MANAGEABLE);
    conductor.service().doProvisioningAction(ME, node.uuid(), "provide");
    awaitState(store, node, ProvisionState.AVAILABLE);
    conductor.service().doNodeDeploy(ME, node.uuid(), false, null, null);
    awaitState(store, node, ProvisionState.ACTIVE);
    return store.nodes().get(node.uuid());
  }

  private static void awaitState(Store store, Node node, ProvisionState state) {
    await().until(() -> store.nodes().get(node.uuid()).provisionState() == state);
  }
}
