package dev.ironic.core.conductor;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does things again and again. A round begins a spacing after the one before has ended, so a task
 * never overtakes itself. Thread-safe.
 */
final class Periodics {

  private static final Logger LOG = LoggerFactory.getLogger(Periodics.class);
  private static final Duration WHEN_FULL = Duration.ofSeconds(1);

  private final Timers timers;
  private final Workers workers;
  private volatile boolean stopped;

  Periodics(Timers timers, Workers workers) {
    this.timers = timers;
    this.workers = workers;
  }

  /** Runs a task on a worker every so often; a spacing of zero or less switches it off. */
  void every(String name, Duration spacing, Runnable task) {
    if (spacing.isPositive()) {
      timers.after(spacing, () -> onWorker(name, spacing, task));
    }
  }

  private void onWorker(String name, Duration spacing, Runnable task) {
    if (stopped) {
      return;
    }
    if (!workers.tryStart(
        Workers.Share.NORMAL, name, () -> round(name, task, () -> every(name, spacing, task)))) {
      timers.after(WHEN_FULL, () -> onWorker(name, spacing, task));
    }
  }

  /** The same for what must go on even if all workers are busy: on a thread of its own. */
  void always(String name, Duration spacing, Runnable task) {
    if (!spacing.isPositive()) {
      return;
    }
    timers.after(
        spacing,
        () -> {
          if (!stopped) {
            Thread.ofVirtual()
                .name(name)
                .start(() -> round(name, task, () -> always(name, spacing, task)));
          }
        });
  }

  private void round(String name, Runnable task, Runnable next) {
    try {
      task.run();
    } catch (RuntimeException e) {
      if (!stopped) {
        LOG.error("Periodic task {} failed; it runs again later", name, e);
      }
    } finally {
      if (!stopped) {
        next.run();
      }
    }
  }

  boolean isStopped() {
    return stopped;
  }

  /** Begins no more rounds. */
  void stop() {
    stopped = true;
  }
}
