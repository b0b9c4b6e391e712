package dev.ironic.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A thousand machines at once, on one process and SQLite, through nothing but the REST API. */
class ManyNodesTest {

  private static final int NODES = 1000;
  private static final int CLIENTS = 64;

  @Test
  void deploysAThousandNodesAtOnce(@TempDir Path folder)
      throws IOException, InterruptedException, ExecutionException {
    try (var server = ServerProcessUnderTest.withFakeHardware(folder);
        var client = new RestClient(server.port())) {
      List<Integer> all = java.util.stream.IntStream.range(0, NODES).boxed().toList();
      each(all, "create", n -> create(client, n));
      each(all, "manage", n -> client.provision("many-" + n, "manage"));
      awaitAll(client, "manageable");
      each(all, "provide", n -> client.provision("many-" + n, "provide"));
      awaitAll(client, "available");
      each(all, "active", n -> client.provision("many-" + n, "active"));
      awaitAll(client, "active");
      System.out.println(memory(server.pid()));
      assertThat(server.log()).doesNotContain("database is locked").doesNotContain(" ERROR ");
    }
  }

  private static void create(RestClient client, int n) {
    client.call("POST", "/v1/nodes", Map.of("driver", "fake-hardware", "name", "many-" + n), 201);
  }

  /** Sends requests from many clients; any refusal is an error. */
  private static void each(List<Integer> nodes, String what, Consumer<Integer> request)
      throws InterruptedException, ExecutionException {
    long begin = System.nanoTime();
    var free = new Semaphore(CLIENTS);
    var sent = new ArrayList<Future<?>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int node : nodes) {
        free.acquire();
        sent.add(
            threads.submit(
                () -> {
                  try {
                    request.accept(node);
                  } finally {
                    free.release();
                  }
                }));
      }
      for (Future<?> one : sent) {
        one.get();
      }
    }
    System.out.printf(
        "%d x %s accepted in %d ms%n", nodes.size(), what, (System.nanoTime() - begin) / 1_000_000);
  }

  private static void awaitAll(RestClient client, String state) {
    long begin = System.nanoTime();
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(250))
        .untilAsserted(
            () -> {
              JsonNode list =
                  client.get(
                      "/v1/nodes?limit=1000&fields=uuid,provision_state,last_error,reservation");
              int there = 0;
              for (JsonNode node : list.path("nodes")) {
                assertThat(node.path("last_error").isNull()).as(node.toString()).isTrue();
                boolean arrived = node.path("provision_state").asString().equals(state);
                there += arrived && node.path("reservation").isNull() ? 1 : 0;
              }
              assertThat(there).as("nodes that are %s", state).isEqualTo(NODES);
            });
    System.out.printf("all %s %d ms later%n", state, (System.nanoTime() - begin) / 1_000_000);
  }

  /** What the server used, where the system tells. */
  private static String memory(long pid) throws IOException, InterruptedException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    var figures = new StringBuilder();
    if (Files.exists(status)) {
      Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmRSS") || line.startsWith("Threads"))
          .forEach(line -> figures.append(line.replaceAll("\\s+", " ")).append("; "));
    }
    Process heap =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                "GC.heap_info")
            .redirectErrorStream(true)
            .start();
    heap.inputReader()
        .lines()
        .filter(line -> line.contains("used"))
        .limit(1)
        .forEach(line -> figures.append("heap ").append(line.strip()));
    heap.waitFor();
    return figures.toString();
  }
}
