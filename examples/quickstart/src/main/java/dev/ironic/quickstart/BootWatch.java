package dev.ironic.quickstart;

import dev.ironic.lab.MachineBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Watches a machine's power and its console, and notes how long after power-on something was said
 * for the first time. Thread-safe.
 */
final class BootWatch implements AutoCloseable {

  /** What the agent says once the API has taken its first heartbeat. */
  static final String AGENT = "heartbeat accepted";

  /** What the agent says when it begins to write an image. */
  static final String WRITING = "writing image ";

  /** What the deployed system says. */
  static final String SYSTEM = "DEPLOYED-OS-UP";

  private static final Duration LOOK = Duration.ofMillis(100);

  private final MachineBackend machine;
  private final Supplier<Duration> clock;
  private final Map<String, Duration> first = new LinkedHashMap<>();
  private Duration poweredOn = Duration.ZERO;
  private boolean on;
  private int saidBefore;
  private boolean closed;

  /**
   * Creates a watch, which looks when it is told to.
   *
   * @param clock the time since any fixed moment
   */
  BootWatch(MachineBackend machine, Supplier<Duration> clock) {
    this.machine = machine;
    this.clock = clock;
  }

  /** Begins to watch, in a thread of its own. */
  static BootWatch start(MachineBackend machine, Supplier<Duration> clock) {
    var watch = new BootWatch(machine, clock);
    Thread.ofVirtual()
        .name("boot watch")
        .start(
            () -> {
              while (watch.look()) {
                NodeWatch.sleep(LOOK);
              }
            });
    return watch;
  }

  /** How long after power-on the machine said it, for the first time that it did. */
  synchronized Optional<Duration> time(String sign) {
    return Optional.ofNullable(first.get(sign));
  }

  /** Waits until the machine has said it. */
  void await(String sign, Duration patience) {
    Duration end = clock.get().plus(patience);
    while (time(sign).isEmpty()) {
      if (clock.get().compareTo(end) > 0) {
        throw new QuickstartException(
            "The console did not say '%s' within %d s; see %s"
                .formatted(sign, patience.toSeconds(), machine.console()));
      }
      NodeWatch.sleep(LOOK);
    }
  }

  /** Looks once; false after the end. */
  synchronized boolean look() {
    if (closed) {
      return false;
    }
    boolean running = machine.running();
    String said = said();
    if (!running) {
      // Nothing is lost of what it says between two looks.
      saidBefore = said.length();
    } else {
      Duration now = clock.get();
      if (!on) {
        poweredOn = now;
      }
      String since = said.substring(Math.min(saidBefore, said.length()));
      for (String sign : new String[] {AGENT, WRITING, SYSTEM}) {
        if (since.contains(sign)) {
          first.putIfAbsent(sign, now.minus(poweredOn));
        }
      }
    }
    on = running;
    return true;
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  private String said() {
    try {
      return Files.readString(machine.console(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
