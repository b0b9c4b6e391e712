package dev.ironic.driver;

import java.time.Duration;

/** Waits; in tests, virtually. */
@FunctionalInterface
public interface Sleeper {

  /**
   * Returns after the duration.
   *
   * @throws InterruptedException when the conductor is stopping or the work was cancelled
   */
  void sleep(Duration duration) throws InterruptedException;
}
