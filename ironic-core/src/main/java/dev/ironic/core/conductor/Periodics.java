package dev.ironic.core.conductor;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does things again and again: collects tasks, and from {@link #start} on begins their rounds. A
 * round begins a spacing after the start of the one before. A task never overtakes itself: when a
 * round takes longer than the spacing, the next one follows at once, and those that were due
 * meanwhile are left out and counted. An exception ends the round, not the task. Thread-safe.
 */
final class Periodics {

  private static final Logger LOG = LoggerFactory.getLogger(Periodics.class);
  private static final Duration SHORTEST_RETRY = Duration.ofMillis(500);
  private static final int RETRY_SPREAD_MILLIS = 1000;

  /** How a round gets its thread: false when there is none at the moment. */
  private interface Threads {
    boolean tryStart(String name, Runnable round);
  }

  private final Timers timers;
  private final Workers workers;
  private final Clock clock;
  private final RandomGenerator random;
  private final List<Entry> all = new ArrayList<>();
  private boolean started;
  private volatile boolean stopped;

  /**
   * Creates it without any task.
   *
   * @param random spreads what has to be tried again
   */
  Periodics(Timers timers, Workers workers, Clock clock, RandomGenerator random) {
    this.timers = timers;
    this.workers = workers;
    this.clock = clock;
    this.random = random;
  }

  /** Runs a task on a worker every so often; a spacing of zero or less switches it off. */
  void every(String name, Duration spacing, Runnable body) {
    every(name, spacing, false, body);
  }

  /**
   * Runs a task on a worker every so often.
   *
   * @param spacing zero or less switches it off
   * @param immediately whether the first round is due at the start, and not a spacing later
   */
  void every(String name, Duration spacing, boolean immediately, Runnable body) {
    Threads onWorker = (thread, round) -> workers.tryStart(Workers.Share.NORMAL, thread, round);
    collect(name, spacing, immediately, onWorker, body);
  }

  /** The same for what must go on even if all workers are busy: on a thread of its own. */
  void always(String name, Duration spacing, Runnable body) {
    Threads own =
        (thread, round) -> {
          workers.startBesides(thread, round);
          return true;
        };
    collect(name, spacing, false, own, body);
  }

  private void collect(
      String name, Duration spacing, boolean immediately, Threads threads, Runnable body) {
    if (!spacing.isPositive()) {
      LOG.debug("Periodic task {} is switched off", name);
      return;
    }
    var entry = new Entry(name, spacing, immediately, threads, body);
    boolean begin;
    synchronized (all) {
      all.add(entry);
      begin = started;
    }
    if (begin) {
      entry.begin();
    }
  }

  /** Begins with the rounds of all tasks collected so far; later ones begin by themselves. */
  void start() {
    List<Entry> collected;
    synchronized (all) {
      started = true;
      collected = List.copyOf(all);
    }
    if (collected.size() > workers.size()) {
      LOG.warn(
          "There are {} periodic tasks and only {} workers; tasks may have to wait for each other."
              + " Raise [conductor] workers_pool_size",
          collected.size(),
          workers.size());
    }
    collected.forEach(Entry::begin);
  }

  /** How the tasks have fared, in the order in which they were collected. */
  List<PeriodicReport> reports() {
    synchronized (all) {
      return all.stream().map(Entry::report).toList();
    }
  }

  boolean isStopped() {
    return stopped;
  }

  /** Begins no more rounds. */
  void stop() {
    stopped = true;
  }

  /** One task; its own rounds never run at the same time. */
  private final class Entry {

    private final String name;
    private final Duration spacing;
    private final boolean immediately;
    private final Threads threads;
    private final Runnable body;
    private boolean running;
    private long runs;
    private long failures;
    private long overruns;
    private long skipped;
    private @Nullable Duration lastDuration;

    Entry(String name, Duration spacing, boolean immediately, Threads threads, Runnable body) {
      this.name = name;
      this.spacing = spacing;
      this.immediately = immediately;
      this.threads = threads;
      this.body = body;
    }

    void begin() {
      timers.after(immediately ? Duration.ZERO : spacing, this::due);
    }

    private void due() {
      if (!stopped && !threads.tryStart(name, this::round)) {
        LOG.debug("Periodic task {} waits for a free worker", name);
        timers.after(SHORTEST_RETRY.plusMillis(random.nextInt(RETRY_SPREAD_MILLIS)), this::due);
      }
    }

    private void round() {
      Instant begun = clock.instant();
      begun();
      boolean failed = true;
      try {
        body.run();
        failed = false;
      } catch (RuntimeException e) {
        if (stopped) {
          LOG.debug("Periodic task {} was cut short by the conductor's end", name, e);
        } else {
          LOG.error("Periodic task {} failed; it runs again later", name, e);
        }
      } finally {
        Duration took = Duration.between(begun, clock.instant());
        ended(took.isNegative() ? Duration.ZERO : took, failed);
      }
    }

    private synchronized void begun() {
      running = true;
    }

    private void ended(Duration took, boolean failed) {
      long missed = Math.max(0, took.dividedBy(spacing) - 1);
      boolean over = took.compareTo(spacing) > 0;
      boolean firstOver;
      synchronized (this) {
        running = false;
        runs++;
        failures += failed ? 1 : 0;
        overruns += over ? 1 : 0;
        skipped += missed;
        lastDuration = took;
        firstOver = over && overruns == 1;
      }
      if (firstOver) {
        LOG.warn(
            "Periodic task {} took {} s, more than its spacing of {} s: its next round comes late,"
                + " and rounds that are due meanwhile are left out. This is told once",
            name,
            took.toSeconds(),
            spacing.toSeconds());
      }
      LOG.debug("Periodic task {} took {} ms: {}", name, took.toMillis(), report());
      if (!stopped) {
        timers.after(over ? Duration.ZERO : spacing.minus(took), this::due);
      }
    }

    synchronized PeriodicReport report() {
      return new PeriodicReport(
          name, spacing, running, runs, failures, overruns, skipped, lastDuration);
    }
  }
}
