package dev.ironic.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a process of its own, what it says, and what it needs. Thread-safe. */
final class ServerUnderLoad implements AutoCloseable {

  private static final Pattern POWER_SYNC =
      Pattern.compile("Power sync of (\\d+) nodes took (\\d+) s");

  private record Sync(int nodes, int seconds) {}

  private final Process process;
  private final URI root;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final BlockingQueue<Sync> syncs = new LinkedBlockingQueue<>();
  private volatile boolean closing;

  private ServerUnderLoad(Process process, int port) {
    this.process = process;
    this.root = URI.create("http://127.0.0.1:" + port);
  }

  /** Starts it and waits until it serves. */
  static ServerUnderLoad start(Path launcher, Path folder, int port, String settings)
      throws IOException, InterruptedException {
    Path config = Files.writeString(folder.resolve("ironic.conf"), settings);
    Process process =
        new ProcessBuilder(launcher.toString(), "--config-file", config.toString())
            .redirectErrorStream(true)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    var server = new ServerUnderLoad(process, port);
    var ready = new LinkedBlockingQueue<Boolean>();
    Thread.ofPlatform().daemon().name("log of the server").start(() -> server.follow(ready));
    if (!Boolean.TRUE.equals(ready.poll(10, TimeUnit.MINUTES))) {
      server.close();
      throw new IllegalStateException("The server did not start; its output is above");
    }
    return server;
  }

  private void follow(BlockingQueue<Boolean> ready) {
    try (var lines = process.inputReader()) {
      boolean serving = false;
      var before = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher sync = POWER_SYNC.matcher(line);
        if (sync.find()) {
          syncs.add(new Sync(Integer.parseInt(sync.group(1)), Integer.parseInt(sync.group(2))));
        } else if (line.startsWith("Ironic is ready")) {
          serving = true;
          ready.add(true);
        } else if (!serving) {
          before.append(line).append('\n');
        } else if (line.contains(" ERROR ")) {
          System.err.println(line);
        }
      }
      if (!serving) {
        System.err.print(before);
      }
    } catch (IOException e) {
      if (!closing) {
        System.err.println("The server's output ended: " + e.getMessage());
      }
    }
    ready.add(false);
  }

  /** Waits for the end of a power sync of that many nodes; returns the seconds it took. */
  int awaitPowerSync(int nodes, Duration patience) throws InterruptedException {
    syncs.clear();
    while (true) {
      Sync sync = syncs.poll(patience.toSeconds(), TimeUnit.SECONDS);
      if (sync == null) {
        throw new IllegalStateException("No power sync of %d nodes ended".formatted(nodes));
      }
      if (sync.nodes() == nodes) {
        return sync.seconds();
      }
    }
  }

  /** Sends a request that must be accepted. */
  String send(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(root.resolve(path))
            .timeout(Duration.ofMinutes(2))
            .header("X-OpenStack-Ironic-API-Version", "1.82")
            .header("Content-Type", "application/json")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() >= 300) {
        throw new IllegalStateException(
            "%s %s was refused with %d: %s"
                .formatted(method, path, answer.statusCode(), answer.body()));
      }
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  /** Whether no node is in a provision state. */
  boolean noneIn(String state) {
    String query = "?limit=1&provision_state=" + URLEncoder.encode(state, StandardCharsets.UTF_8);
    return !send("GET", "/v1/nodes" + query, "").contains("\"uuid\"");
  }

  /** Begins to ask for single nodes, fifty times a second, and to watch the memory. */
  Load measure(List<String> nodes) {
    var load = new Load(nodes);
    load.start();
    return load;
  }

  private long residentMegabytes() {
    try (var lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0; // only Linux tells
    }
  }

  @Override
  public void close() {
    closing = true;
    process.destroy();
    try {
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Requests and memory over a time. */
  final class Load implements AutoCloseable {

    private static final Duration SPACING = Duration.ofMillis(20);

    private final List<String> nodes;
    private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
    private final AtomicLong peak = new AtomicLong();
    private volatile boolean over;

    private Load(List<String> nodes) {
      this.nodes = nodes;
    }

    private void start() {
      Thread.ofPlatform().daemon().name("load").start(this::run);
    }

    /** Sends at a fixed rate, whether or not answers have come, and counts from then on. */
    private void run() {
      RandomGenerator random = RandomGenerator.getDefault();
      long due = System.nanoTime();
      while (!over) {
        long sent = due;
        String node = nodes.get(random.nextInt(nodes.size()));
        Thread.startVirtualThread(
            () -> {
              send("GET", "/v1/nodes/" + node, "");
              nanos.add(System.nanoTime() - sent);
            });
        peak.accumulateAndGet(residentMegabytes(), Math::max);
        due += SPACING.toNanos();
        try {
          TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    /** How long requests took at most, leaving out the slowest part. */
    double milliseconds(double quantile) {
      List<Long> sorted = nanos.stream().sorted().toList();
      return sorted.isEmpty()
          ? 0
          : sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * quantile)) / 1e6;
    }

    long peakMegabytes() {
      return peak.get();
    }

    @Override
    public void close() {
      over = true;
    }
  }
}
