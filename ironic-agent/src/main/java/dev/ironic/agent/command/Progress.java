package dev.ironic.agent.command;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a running command is; one thread reports, any thread reads. A total of 0 or less means
 * that it is not known.
 */
public final class Progress {

  private record State(String activity, long written, long total) {}

  private volatile @Nullable State state;

  /** Reports bytes done of a total, and in one or two words what is being done. */
  public void bytes(String activity, long written, long total) {
    state = new State(activity, written, total);
  }

  /** The member "progress" of a running command's result, or null before the first report. */
  @Nullable Map<String, Object> toWire() {
    State now = state;
    if (now == null) {
      return null;
    }
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("activity", now.activity);
    wire.put("bytes_written", now.written);
    if (now.total > 0) {
      wire.put("bytes_total", now.total);
      wire.put("percent", Math.min(100, now.written * 100 / now.total));
    }
    return wire;
  }
}
