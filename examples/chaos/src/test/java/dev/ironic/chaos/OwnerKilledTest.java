package dev.ironic.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.chaos.load.ApiClient;
import dev.ironic.chaos.process.Cluster;
import dev.ironic.chaos.process.ConductorUnit;
import dev.ironic.chaos.yard.BmcYard;
import dev.ironic.chaos.yard.HistoryCheck;
import dev.ironic.chaos.yard.YardEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * All deployments that a conductor has under way when it is killed go on with another one: those
 * that wait for a machine, and those that a worker was busy with.
 */
class OwnerKilledTest {

  private static final int NODES = 500;
  private static final Duration LIMIT = Cluster.HEARTBEAT_TIMEOUT.plusSeconds(15);
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @Test
  void anotherConductorResumesAll(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder)
      throws IOException, InterruptedException, SQLException {
    try (BmcYard yard = Yards.quick(folder);
        Cluster cluster = Clusters.start(folder, yard, 1, List.of("owner"));
        ApiClient api = new ApiClient(cluster.apiUrls())) {
      List<String> nodes =
          Stream.generate(() -> UUID.randomUUID().toString()).limit(NODES).toList();
      available(cluster, api, nodes);
      // Half of them are to be found waiting, half of them with a worker.
      Set<String> waiting = Set.copyOf(nodes.subList(0, NODES / 2));
      yard.hold(
          (node, job) -> job.equals("sync") || (waiting.contains(node) && job.startsWith("write")));
      all(
          nodes,
          node ->
              api.call(
                  "PUT", "/v1/nodes/" + node + "/states/provision", Map.of("target", "active")),
          202);
      Awaitility.await("all under way")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(300))
          .until(() -> states(cluster).equals(List.of("deploying | 250", "wait call-back | 250")));

      int before = yard.log().size();
      ConductorUnit owner = cluster.conductors().getFirst();
      long killed = System.nanoTime();
      owner.process().kill();
      ConductorUnit heir = cluster.conductor("heir");
      heir.launch();
      Set<String> resumed = new HashSet<>();
      Awaitility.await("all resumed")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(200))
          .until(() -> resumed(yard.logSince(before), resumed) == NODES);
      Duration took = Duration.ofNanos(System.nanoTime() - killed);
      System.out.printf("%d deployments resumed %d ms after the kill%n", NODES, took.toMillis());
      yard.release();

      Awaitility.await("all deployed")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(300))
          .untilAsserted(() -> assertThat(states(cluster)).containsExactly("active | 500"));
      assertThat(
              cluster
                  .database()
                  .rows("SELECT uuid, last_error FROM nodes WHERE last_error IS NOT NULL"))
          .isEmpty();
      assertThat(HistoryCheck.violations(yard.log())).isEmpty();
      assertThat(took).isLessThan(LIMIT);
    }
  }

  private static int resumed(List<YardEntry> log, Set<String> nodes) {
    log.stream()
        .filter(entry -> entry.conductor().startsWith("heir") && entry.holding() != 0)
        .forEach(entry -> nodes.add(entry.node()));
    return nodes.size();
  }

  private static List<String> states(Cluster cluster) throws SQLException {
    return cluster
        .database()
        .rows("SELECT provision_state, count(*) FROM nodes GROUP BY 1 ORDER BY 1");
  }

  /** How they got there is no matter here. */
  private static void available(Cluster cluster, ApiClient api, List<String> nodes)
      throws InterruptedException, SQLException {
    all(
        nodes,
        node -> api.call("POST", "/v1/nodes", Map.of("uuid", node, "driver", "chaos-hardware")),
        201);
    cluster
        .database()
        .update("UPDATE nodes SET provision_state = 'available', power_state = 'power off'");
  }

  private interface Request {
    ApiClient.Answer send(String node) throws InterruptedException;
  }

  private static void all(List<String> nodes, Request request, int status)
      throws InterruptedException {
    var free = new Semaphore(32);
    var wrong = java.util.concurrent.ConcurrentHashMap.<String>newKeySet();
    for (String node : nodes) {
      free.acquire();
      Thread.startVirtualThread(
          () -> {
            try {
              ApiClient.Answer answer = request.send(node);
              if (answer.status() != status) {
                wrong.add(answer.toString());
              }
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            } finally {
              free.release();
            }
          });
    }
    free.acquire(32);
    assertThat(wrong).isEmpty();
  }
}
