package dev.ironic.rpc;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The system's clock, until it is put forward. Thread-safe. */
final class ShiftedClock extends Clock {

  private volatile Duration shift = Duration.ZERO;

  void putForward(Duration by) {
    shift = by;
  }

  @Override
  public Instant instant() {
    return Clock.systemUTC().instant().plus(shift);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("only instants are asked for");
  }
}
