package dev.ironic.core.conductor;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks at nodes after a while. Of a node there is one at most that is still to come, however often
 * it was asked for. Thread-safe.
 */
final class Polls {

  private final Timers timers;
  private final Map<String, Object> next = new ConcurrentHashMap<>();

  Polls(Timers timers) {
    this.timers = timers;
  }

  /** Looks at a node after a while, instead of when it was to be looked at so far. */
  void after(Duration delay, String nodeUuid, Runnable look) {
    var poll = new Object();
    next.put(nodeUuid, poll);
    timers.after(
        delay,
        () -> {
          if (next.remove(nodeUuid, poll)) {
            look.run();
          }
        });
  }
}
