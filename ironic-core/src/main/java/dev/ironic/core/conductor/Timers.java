package dev.ironic.core.conductor;

import java.time.Duration;

/** Does something later. Thread-safe. */
public interface Timers extends AutoCloseable {

  /**
   * Runs something once, after the delay; it is short, or starts a thread of its own. Does nothing
   * after the timers are closed.
   */
  void after(Duration delay, Runnable action);

  /** Forgets what is still to be done. */
  @Override
  void close();
}
