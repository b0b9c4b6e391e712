package dev.ironic.core.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.Query;
import dev.ironic.driver.StepResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many nodes at once. */
class ScaleTest {

  private static final int NODES = Integer.getInteger("ironic.test.nodes", 200);

  private final Rig rig =
      new Rig()
          .with("workers_pool_size", "2000")
          .with("max_concurrent_deploy", "100000")
          .with("max_concurrent_clean", "100000")
          .with("automated_clean", "false");

  @AfterEach
  void close() {
    rig.close();
  }

  private List<Node> createAvailable() {
    var nodes = new ArrayList<Node>();
    for (int i = 0; i < NODES; i++) {
      nodes.add(rig.create());
    }
    nodes.forEach(node -> rig.act(node, "manage"));
    awaitAll(ProvisionState.MANAGEABLE);
    nodes.forEach(node -> rig.act(node, "provide"));
    awaitAll(ProvisionState.AVAILABLE);
    return nodes;
  }

  private void awaitAll(ProvisionState state) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                rig.store
                        .nodes()
                        .count(
                            Query.where("provisionState", state)
                                .and(new Query.Filter.IsNull("reservation", true)))
                    == NODES);
  }

  @Test
  void allAreDeployedWithoutAnError() throws Exception {
    List<Node> nodes = createAvailable();
    long start = System.nanoTime();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = nodes.stream().map(node -> callers.submit(() -> rig.deploy(node))).toList();
      for (var call : calls) {
        call.get();
      }
    }
    awaitAll(ProvisionState.ACTIVE);
    System.out.printf("%d nodes deployed in %.1f s%n", NODES, (System.nanoTime() - start) / 1e9);
    assertThat(rig.store.nodes().list(Query.ALL))
        .allSatisfy(node -> assertThat(node.lastError()).isNull());
  }

  @Test
  void waitingNodesCostNoWorker() {
    rig.script.on("deploy", StepResult.waiting());
    List<Node> nodes = createAvailable();
    nodes.forEach(rig::deploy);
    awaitAll(ProvisionState.WAIT_CALL_BACK);
    Awaitility.await().until(() -> rig.conductor().busyWorkers() == 0);
    nodes.forEach(rig::heartbeat);
    awaitAll(ProvisionState.ACTIVE);
  }
}
