package dev.ironic.core.conductor;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Until when no other conductor can think that this one is dead. It is counted from the moment
 * before a sign of life was sent, on a clock that nobody sets, so it always ends before the others'
 * patience does.
 *
 * <p>A command to hardware takes time to arrive, so none begins in the last part of the lease. That
 * part is as long as the interval between two signs of life, but never more than a third of what
 * the timeout leaves beyond one interval: who misses a sign or two does not wait where the timeout
 * allows for that, and who misses none never does. Thread-safe.
 */
final class Lease {

  private final Duration timeout;
  private final Duration margin;
  private final InstantSource steady;
  private volatile Instant end = Instant.MIN;

  /**
   * Creates a lease that has not begun.
   *
   * @param timeout after which others think a silent conductor dead; zero for never
   * @param interval between two signs of life
   * @param steady a clock that only goes forward
   */
  Lease(Duration timeout, Duration interval, InstantSource steady) {
    this.timeout = timeout;
    this.steady = steady;
    margin = margin(timeout, interval);
  }

  private static Duration margin(Duration timeout, Duration interval) {
    Duration spare = timeout.minus(interval).dividedBy(3);
    if (spare.isNegative()) {
      return Duration.ZERO;
    }
    return spare.compareTo(interval) < 0 ? spare : interval;
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

  /** Whether a command that begins now arrives before the lease ends, if it is not slow. */
  boolean allowsCommands() {
    return steady.instant().plus(margin).isBefore(end);
  }
}
