package dev.ironic.core.conductor;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Timers on one platform thread. */
final class ThreadTimers implements Timers {

  private static final Logger LOG = LoggerFactory.getLogger(ThreadTimers.class);

  private final ScheduledThreadPoolExecutor executor;

  ThreadTimers(String name) {
    executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name(name + " timers").daemon().factory());
    executor.setRemoveOnCancelPolicy(true);
  }

  @Override
  public void after(Duration delay, Runnable action) {
    try {
      executor.schedule(() -> guarded(action), delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The conductor is closing; nothing is scheduled any more");
    }
  }

  private static void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LOG.error("A timed action failed", e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
    try {
      executor.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
