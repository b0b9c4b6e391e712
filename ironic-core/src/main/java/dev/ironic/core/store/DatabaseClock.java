package dev.ironic.core.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The database's clock as far as it is known here: a local clock, set right whenever the database
 * tells its time. So the clocks of the hosts that share a database need not agree. Thread-safe.
 */
final class DatabaseClock extends Clock {

  private final Clock local;
  private volatile Duration ahead = Duration.ZERO;

  DatabaseClock(Clock local) {
    this.local = local;
  }

  /** The database has just told its time. */
  void set(Instant databaseTime) {
    ahead = Duration.between(local.instant(), databaseTime);
  }

  @Override
  public Instant instant() {
    return local.instant().plus(ahead);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("All times are in UTC");
  }
}
