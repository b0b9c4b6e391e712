package dev.ironic.agent.system;

import java.time.Duration;

/** Waits; tests replace it by one that only takes notes. */
@FunctionalInterface
public interface Sleeper {

  /** Returns after the given time. */
  void sleep(Duration time) throws InterruptedException;

  /** Really waits. */
  static Sleeper real() {
    return Thread::sleep;
  }
}
