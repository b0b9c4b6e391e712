package dev.ironic.chaos;

import dev.ironic.chaos.load.Tally;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The script's program: a storm as long as wanted, and a verdict. */
@Command(
    name = "chaos/run",
    mixinStandardHelpOptions = true,
    description =
        "Kills, stops, cuts off, drains and adds conductors while nodes are deployed and cleaned,"
            + " and tells whether anything came of it.")
public final class ChaosMain implements Callable<Integer> {

  private static final Duration PUTTING_AWAY = Duration.ofSeconds(30);
  private static final Duration SETTLING = Duration.ofMinutes(5);

  @Option(names = "--seconds", description = "how long the storm lasts", defaultValue = "300")
  private int seconds;

  @Option(names = "--seed", description = "repeats what was done to whom, and for how long")
  private @Nullable Long seed;

  @Option(names = "--nodes", description = "how many nodes", defaultValue = "500")
  private int nodes;

  @Option(
      names = "--busy",
      description = "how many nodes are worked on at the same time",
      defaultValue = "100")
  private int busy;

  @Option(names = "--calm", description = "disturbs nothing, to see what that looks like")
  private boolean calm;

  @Option(names = "--folder", description = "for logs; by default a temporary one")
  private @Nullable Path folder;

  @Option(names = "--live", hidden = true, description = "whether to write a live line")
  private boolean live;

  private final Instant start = Instant.now();
  private final CountDownLatch over = new CountDownLatch(1);

  private ChaosMain() {}

  /** Starts the program. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ChaosMain()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException, SQLException {
    stopWhenToldTo(Thread.currentThread());
    try {
      return storm();
    } finally {
      over.countDown();
    }
  }

  /** A signal must not leave the processes behind that were started. */
  private void stopWhenToldTo(Thread main) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  main.interrupt();
                  try {
                    over.await(PUTTING_AWAY.toSeconds(), TimeUnit.SECONDS);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
  }

  private int storm() throws IOException, InterruptedException, SQLException {
    long chosen = seed == null ? RandomGenerator.getDefault().nextLong() : seed;
    Path logs =
        folder == null ? Files.createTempDirectory("chaos-") : Files.createDirectories(folder);
    say("seed " + chosen);
    Tally tally =
        new ChaosRun(
                new ChaosRun.Settings(
                    logs, chosen, nodes, busy, calm, Duration.ofSeconds(seconds), SETTLING),
                InstantSource.system(),
                Thread::sleep,
                this::say,
                this::show)
            .run();
    say("counted: " + tally);
    tally.problems().forEach(problem -> say("PROBLEM " + problem));
    if (tally.problems().isEmpty()) {
      say("GOOD: all %d nodes are as if nothing had happened; seed %d".formatted(nodes, chosen));
      return 0;
    }
    say(
        "BAD: %d problems; logs are in %s; seed %d"
            .formatted(tally.problems().size(), logs, chosen));
    return 1;
  }

  private synchronized void say(String what) {
    System.out.printf("%s%6.1f %s%n", live ? "\r\033[K" : "", age(), what);
  }

  private synchronized void show(String what) {
    if (live) {
      System.out.printf("\r\033[K%6.1f %s", age(), what);
      System.out.flush();
    } else if (Math.round(age()) % 10 == 0) {
      System.out.printf("%6.1f %s%n", age(), what);
    }
  }

  private double age() {
    return Duration.between(start, Instant.now()).toMillis() / 1000.0;
  }
}
