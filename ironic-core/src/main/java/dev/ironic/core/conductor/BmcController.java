package dev.ironic.core.conductor;

import dev.ironic.driver.DriverException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One management controller: who may call it now. Callers take turns in the order of their arrival.
 * Once it has not answered for a number of calls it is left alone for a while; then a single call
 * tries whether it answers again. Thread-safe.
 */
final class BmcController {

  private static final Logger LOG = LoggerFactory.getLogger(BmcController.class);

  /** By how much a pause may differ, so that not all controllers of a rack are tried at once. */
  private static final double SPREAD = 0.2;

  private final String name;
  private final BmcOptions options;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Semaphore turns;
  private final SharedReads reads;
  private int users;
  private int failures;
  private int pauses;
  private @Nullable Instant silentSince;
  private @Nullable Instant lastSilence;
  private @Nullable Instant pausedUntil;
  private boolean trying;
  private String lastFailure = "";

  BmcController(String name, BmcOptions options, InstantSource clock, RandomGenerator random) {
    this.name = name;
    this.options = options;
    this.clock = clock;
    this.random = random;
    turns = new Semaphore(options.calls(), true);
    reads = new SharedReads(name);
  }

  /** Somebody is about to call. */
  synchronized BmcController enter() {
    users++;
    return this;
  }

  /** A caller is done; true when there is nothing to remember. */
  synchronized boolean leave() {
    users--;
    return users == 0 && failures == 0;
  }

  /** Whether nobody calls it, and it has neither failed nor been left alone since then. */
  synchronized boolean isIdleSince(Instant then) {
    return users == 0
        && (lastSilence == null || lastSilence.isBefore(then))
        && (pausedUntil == null || pausedUntil.isBefore(then));
  }

  /** A call that may change something. */
  <T> T call(Supplier<T> call) {
    try {
      return exchange(call);
    } finally {
      reads.forget();
    }
  }

  /** A call that changes nothing; equal questions under way share the answer. */
  <T> T read(Object question, Supplier<T> call) {
    return reads.ask(question, () -> exchange(call));
  }

  private <T> T exchange(Supplier<T> call) {
    refuseWhilePaused(false);
    boolean trial = false;
    awaitTurn();
    try {
      trial = refuseWhilePaused(true);
      T answer = call.get();
      answered();
      return answer;
    } catch (DriverException e) {
      if (e.kind() == DriverException.Kind.UNREACHABLE) {
        silent(trial, String.valueOf(e.getMessage()));
      } else if (!Thread.currentThread().isInterrupted()) {
        // A call that was cut short says nothing about the controller.
        answered();
      }
      throw e;
    } finally {
      turns.release();
      if (trial) {
        endTrial();
      }
    }
  }

  private void awaitTurn() {
    try {
      if (!turns.tryAcquire(options.patience().toMillis(), TimeUnit.MILLISECONDS)) {
        throw DriverException.unreachable(
            "The BMC %s is busy with %d calls, and none of them ended within %d s ([conductor] bmc_call_wait)"
                .formatted(name, options.calls(), options.patience().toSeconds()),
            null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DriverException.failed("Interrupted while waiting for the BMC " + name, e);
    }
  }

  /**
   * Refuses calls while the controller is left alone.
   *
   * @param mayTry whether the caller may be the one who tries it again
   * @return whether the caller is
   */
  private synchronized boolean refuseWhilePaused(boolean mayTry) {
    Instant until = pausedUntil;
    if (until == null) {
      return false;
    }
    if (trying || clock.instant().isBefore(until)) {
      throw DriverException.unreachable(
          "The BMC at %s cannot be reached: %s. It has not answered since %s and is left alone until %s"
              .formatted(name, lastFailure, silentSince, until),
          null);
    }
    trying = mayTry;
    return mayTry;
  }

  private synchronized void endTrial() {
    trying = false;
  }

  private synchronized void answered() {
    if (pausedUntil != null) {
      LOG.info("The BMC {} answers again", name);
    }
    failures = 0;
    pauses = 0;
    silentSince = null;
    lastSilence = null;
    pausedUntil = null;
  }

  private synchronized void silent(boolean trial, String failure) {
    failures++;
    lastFailure = failure;
    lastSilence = clock.instant();
    if (silentSince == null) {
      silentSince = lastSilence;
    }
    boolean paused = pausedUntil != null;
    if (failures < options.failures() || (paused && !trial)) {
      return;
    }
    Duration pause = pause();
    pauses++;
    pausedUntil = clock.instant().plus(pause);
    if (!paused) {
      LOG.warn(
          "The BMC {} has not answered {} calls since {}; it is left alone for {} ms",
          name,
          failures,
          silentSince,
          pause.toMillis());
    }
  }

  private Duration pause() {
    long longest = options.longestBackOff().toMillis();
    long doubled = options.backOff().toMillis() << Math.min(pauses, 20);
    double spread = 1 - SPREAD + 2 * SPREAD * random.nextDouble();
    return Duration.ofMillis(Math.round(Math.min(longest, doubled) * spread));
  }
}
