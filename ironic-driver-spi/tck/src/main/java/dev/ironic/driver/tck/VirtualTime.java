package dev.ironic.driver.tck;

import dev.ironic.driver.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Time that only passes when somebody sleeps. Thread-safe. */
public final class VirtualTime extends Clock implements Sleeper {

  private final List<Duration> slept = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Consumer<Instant> onSleep = instant -> {};

  @Override
  public void sleep(Duration duration) {
    Consumer<Instant> listener;
    Instant after;
    synchronized (this) {
      slept.add(duration);
      now = now.plus(duration);
      after = now;
      listener = onSleep;
    }
    listener.accept(after);
  }

  /** Calls the listener after each sleep, with the time it is then. */
  public synchronized void onSleep(Consumer<Instant> listener) {
    onSleep = listener;
  }

  /** All sleeps so far. */
  public synchronized List<Duration> slept() {
    return List.copyOf(slept);
  }

  /** All sleeps so far, added up. */
  public synchronized Duration total() {
    return slept.stream().reduce(Duration.ZERO, Duration::plus);
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return Clock.fixed(instant(), zone);
  }
}
