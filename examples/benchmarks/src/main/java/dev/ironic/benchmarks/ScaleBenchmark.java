package dev.ironic.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One conductor and many nodes whose controllers are slow: how long a complete power sync and the
 * deployment of all nodes at once take, how much memory the process needs, and how long single
 * requests take meanwhile.
 */
public final class ScaleBenchmark {

  private static final int CALLERS = 64;
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final ServerUnderLoad server;
  private final List<String> nodes;

  private ScaleBenchmark(ServerUnderLoad server, int count) {
    this.server = server;
    this.nodes = Stream.generate(() -> UUID.randomUUID().toString()).limit(count).toList();
  }

  /**
   * Runs it.
   *
   * @param arguments the launcher of the server, the number of nodes, the port, and how many nodes
   *     the power sync looks at at a time
   */
  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[1]);
    int port = Integer.parseInt(arguments[2]);
    Path folder = Files.createTempDirectory("ironic-scale");
    try (var server =
        ServerUnderLoad.start(
            Path.of(arguments[0]), folder, port, settings(folder, port, count, arguments[3]))) {
      new ScaleBenchmark(server, count).run();
    } finally {
      delete(folder);
    }
  }

  private static String settings(Path folder, int port, int count, String workers) {
    return """
        [DEFAULT]
        auth_strategy = noauth
        state_path = %1$s
        enabled_hardware_types = fake-hardware
        enabled_bios_interfaces = fake
        enabled_boot_interfaces = fake
        enabled_console_interfaces = fake
        enabled_deploy_interfaces = fake
        enabled_firmware_interfaces = fake
        enabled_inspect_interfaces = fake
        enabled_management_interfaces = fake
        enabled_network_interfaces = noop
        enabled_power_interfaces = fake
        enabled_raid_interfaces = fake
        enabled_rescue_interfaces = fake
        enabled_storage_interfaces = fake
        enabled_vendor_interfaces = fake
        [api]
        host_ip = 127.0.0.1
        port = %2$d
        [database]
        connection = sqlite:///%1$s/ironic.sqlite
        [conductor]
        workers_pool_size = %3$d
        max_concurrent_deploy = %3$d
        automated_clean = false
        sync_power_state_interval = 20
        sync_power_state_workers = %4$s
        periodic_max_workers = %4$s
        [fake]
        power_delay = 1
        power_read_delay = 1
        management_delay = 1
        deploy_delay = 60
        """
        .formatted(folder, port, count + count / 10 + 1000, workers);
  }

  private void run() throws Exception {
    System.out.printf("%d nodes, each answer of a controller takes 1 s%n", nodes.size());
    long begun = System.nanoTime();
    each(uuid -> server.send("POST", "/v1/nodes", draft(uuid)));
    each(uuid -> provision(uuid, "manage"));
    awaitNoneIn("enroll", "verifying");
    each(uuid -> provision(uuid, "provide"));
    awaitNoneIn("manageable", "cleaning");
    System.out.printf("enrolled and available in %.0f s%n", seconds(begun));
    System.out.printf(
        "%-34s %10s %10s %10s %10s%n", "", "seconds", "GET p50 ms", "GET p99 ms", "peak RSS MB");
    powerSync();
    deploy();
  }

  /** The first sync that begins from now on. */
  private void powerSync() throws InterruptedException {
    server.awaitPowerSync(nodes.size(), PATIENCE);
    try (var load = server.measure(nodes)) {
      int took = server.awaitPowerSync(nodes.size(), PATIENCE);
      row("complete power sync", took, load);
    }
  }

  private void deploy() throws Exception {
    try (var load = server.measure(nodes)) {
      long begun = System.nanoTime();
      each(uuid -> provision(uuid, "active"));
      double admitted = seconds(begun);
      boolean together = server.noneIn("active");
      row(
          together ? "all deployments admitted" : "admitted, some had ended by then",
          admitted,
          load);
      awaitNoneIn("available", "deploying", "wait call-back");
      row("all active", seconds(begun), load);
    }
    if (!server.noneIn("deploy failed")) {
      throw new IllegalStateException("Some deployments failed");
    }
  }

  private static void row(String what, double seconds, ServerUnderLoad.Load load) {
    System.out.printf(
        "%-34s %10.0f %10.1f %10.1f %10d%n",
        what, seconds, load.milliseconds(0.5), load.milliseconds(0.99), load.peakMegabytes());
  }

  private static String draft(String uuid) {
    return """
        {"uuid": "%s", "driver": "fake-hardware", "name": "n-%s", "resource_class": "large",
         "properties": {"cpus": 64, "memory_mb": 524288, "local_gb": 1000, "cpu_arch": "x86_64"},
         "driver_info": {"address": "https://192.0.2.1", "username": "admin"}}
        """
        .formatted(uuid, uuid);
  }

  private void provision(String uuid, String target) {
    server.send(
        "PUT", "/v1/nodes/" + uuid + "/states/provision", "{\"target\": \"" + target + "\"}");
  }

  /** Does something for all nodes with as many callers as a busy cloud has. */
  private void each(Consumer<String> action) throws InterruptedException, ExecutionException {
    var next = new AtomicInteger();
    var callers = new ArrayList<Future<?>>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int caller = 0; caller < CALLERS; caller++) {
        callers.add(
            threads.submit(
                () -> {
                  for (int i = next.getAndIncrement();
                      i < nodes.size();
                      i = next.getAndIncrement()) {
                    action.accept(nodes.get(i));
                  }
                }));
      }
      for (Future<?> caller : callers) {
        caller.get();
      }
    }
  }

  private void awaitNoneIn(String... states) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    for (String state : states) {
      while (!server.noneIn(state)) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException("Some nodes are still " + state);
        }
        Thread.sleep(500);
      }
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
