package dev.ironic.examples.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.RequestContext;
import dev.ironic.core.conductor.Conductor;
import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the README shows, and what it promises. */
class EmbeddedConductorTest {

  private static final RequestContext ME = RequestContext.internal("req-" + UUID.randomUUID());

  /** No file, no port, no container: options are a map, drivers are those on the class path. */
  private static Conductor conductor(String host) {
    return Conductor.builder()
        .config(IronicConfig.of(Map.of("DEFAULT", FakeOptions.ALL, "database", FakeOptions.MEMORY)))
        .host(host)
        .start();
  }

  private static Node await(Conductor ironic, Node node, ProvisionState state) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> ironic.store().nodes().get(node.uuid()),
            now -> now.provisionState() == state && now.reservation() == null);
  }

  private static Node deployOn(Conductor ironic) {
    Node node =
        ironic.service().createNode(ME, Node.draft(UUID.randomUUID().toString(), "fake-hardware"));
    ironic.service().doProvisioningAction(ME, node.uuid(), "manage");
    await(ironic, node, ProvisionState.MANAGEABLE);
    ironic.service().doProvisioningAction(ME, node.uuid(), "provide");
    await(ironic, node, ProvisionState.AVAILABLE);
    ironic.service().doNodeDeploy(ME, node.uuid(), false, null, null);
    return await(ironic, node, ProvisionState.ACTIVE);
  }

  @Test
  void deploysANode() {
    try (Conductor ironic = conductor("embedded")) {
      assertThat(deployOn(ironic).lastError()).isNull();
    }
  }

  @Test
  void twoLiveInOneProcessAndKnowNothingOfEachOther() {
    try (Conductor one = conductor("one");
        Conductor two = conductor("two")) {
      Node node = deployOn(one);
      assertThat(deployOn(two).lastError()).isNull();
      assertThat(two.store().nodes().find(node.uuid())).isEmpty();
    }
  }

  @Test
  void closingLeavesNoThreadBehind() {
    try (Conductor ironic = conductor("first")) {
      deployOn(ironic);
    }
    List<String> before = threads();
    try (Conductor ironic = conductor("second")) {
      deployOn(ironic);
      assertThat(threads()).as("a conductor at work has threads").hasSizeGreaterThan(before.size());
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(before).containsAll(threads()));
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .sorted()
        .toList();
  }
}
