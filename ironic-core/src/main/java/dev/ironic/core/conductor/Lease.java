package dev.ironic.core.conductor;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Until when no other conductor can think that this one is dead. It is counted from the moment
 * before a sign of life was sent, on a clock that nobody sets, so it always ends before the others'
 * patience does. Thread-safe.
 */
final class Lease {

  private final Duration timeout;
  private final InstantSource steady;
  private volatile Instant end = Instant.MIN;

  /**
   * Creates a lease that has not begun.
   *
   * @param timeout after which others think a silent conductor dead; zero for never
   * @param steady a clock that only goes forward
   */
  Lease(Duration timeout, InstantSource steady) {
    this.timeout = timeout;
    this.steady = steady;
  }

  /** The moment to remember before a sign of life is sent. */
  Instant now() {
    return steady.instant();
  }

  /** A sign of life has arrived. */
  void renew(Instant before) {
    end = timeout.isPositive() ? before.plus(timeout) : Instant.MAX;
  }

  boolean isValid() {
    return steady.instant().isBefore(end);
  }
}
