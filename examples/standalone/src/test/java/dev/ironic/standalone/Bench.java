package dev.ironic.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Measures the standalone server; the scripts in {@code bench} start it. */
final class Bench {

  private Bench() {}

  /**
   * Measures.
   *
   * @param arguments the launcher, what to measure, and how often or how many
   */
  public static void main(String[] arguments) throws Exception {
    Path launcher = Path.of(arguments[0]);
    int count = Integer.parseInt(arguments[2]);
    boolean good =
        switch (arguments[1]) {
          case "start-time" -> startTime(launcher, count);
          case "deploy-many" -> deployMany(launcher, count);
          default -> throw new IllegalArgumentException("There is no bench " + arguments[1]);
        };
    System.exit(good ? 0 : 1);
  }

  /** From the launcher's start to the first answer, several times; the median must be below 3 s. */
  private static boolean startTime(Path launcher, int times) throws IOException {
    start(launcher); // builds if need be, and makes the archive of classes when it ends
    var all = new ArrayList<Duration>();
    for (int i = 0; i < times; i++) {
      all.add(start(launcher));
      System.out.printf("start %d: %d ms%n", i + 1, all.getLast().toMillis());
    }
    all.sort(Comparator.naturalOrder());
    Duration median = all.get(all.size() / 2);
    System.out.printf("median of %d starts: %d ms%n", times, median.toMillis());
    return median.toMillis() < 3000;
  }

  private static Duration start(Path launcher) throws IOException {
    Path folder = Files.createTempDirectory("ironic-bench-");
    try (var server = ServerUnderTest.start(launcher, folder)) {
      return server.startTime();
    } finally {
      remove(folder);
    }
  }

  /** Nodes from nothing to active, all at once; no error is allowed. */
  private static boolean deployMany(Path launcher, int nodes) throws Exception {
    Path folder = Files.createTempDirectory("ironic-bench-");
    try (var server = ServerUnderTest.start(launcher, folder)) {
      var outcome = new DeployMany(server.url(), nodes, Duration.ofMinutes(10)).run();
      outcome
          .legs()
          .forEach(
              (leg, time) ->
                  System.out.printf(
                      "%-8s %6.1f s  %6.0f nodes/s%n",
                      leg, time.toMillis() / 1e3, nodes * 1e3 / time.toMillis()));
      System.out.printf(
          "%d nodes, %d requests, %.1f s%n",
          nodes, outcome.requests(), outcome.elapsed().toMillis() / 1e3);
      List<String> troubles = server.troubles();
      var figures = server.figures();
      System.out.printf(
          "errors %d, of these in the log %d%n",
          outcome.errors().size() + troubles.size(), troubles.size());
      System.out.printf(
          "heap %d MiB at the peak, %d MiB live; platform threads %d at the peak, %d now%n",
          figures.peakHeap(), figures.heap(), figures.peakThreads(), figures.threads());
      System.out.printf("processor time %.1f s%n", figures.cpu().toMillis() / 1e3);
      Stream.concat(outcome.errors().stream(), troubles.stream())
          .limit(20)
          .forEach(System.out::println);
      return outcome.errors().isEmpty() && troubles.isEmpty();
    } finally {
      remove(folder);
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
