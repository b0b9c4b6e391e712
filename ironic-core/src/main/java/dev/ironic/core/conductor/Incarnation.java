package dev.ironic.core.conductor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * One life of a conductor: which process it is, on which machine. Its text is kept with the
 * registration, so that a second conductor of the same name is told apart from the same one after a
 * restart.
 *
 * @param place where {@code pid} means something: this boot of this machine, or a container on it
 * @param pid number of the process
 * @param startedAt when the process began; numbers of processes are given again
 * @param number tells conductors in one process apart
 */
record Incarnation(String place, long pid, Instant startedAt, String number) {

  /** A process's start as read twice may differ, as the machine's clock is set. */
  private static final Duration READING_ERROR = Duration.ofSeconds(5);

  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Path PROCESS_NAMES = Path.of("/proc/self/ns/pid");

  static Incarnation ofThisProcess(String machine, RandomGenerator random) {
    ProcessHandle process = ProcessHandle.current();
    return new Incarnation(
        place(machine),
        process.pid(),
        process.info().startInstant().orElse(Instant.EPOCH),
        HexFormat.of().toHexDigits(random.nextLong()));
  }

  /** The text that is kept. */
  String text() {
    return String.join(
        " ", place, Long.toString(pid), Long.toString(startedAt.getEpochSecond()), number);
  }

  /** Whether another life is known to be over: it was a process of this machine that is gone. */
  boolean knowsEndOf(String otherText) {
    return parse(otherText)
        .filter(other -> other.place().equals(place) && other.pid() != pid)
        .filter(other -> !isRunning(other))
        .isPresent();
  }

  private static boolean isRunning(Incarnation other) {
    return ProcessHandle.of(other.pid())
        .filter(ProcessHandle::isAlive)
        .map(process -> process.info().startInstant().orElse(other.startedAt()))
        .filter(
            start -> Duration.between(start, other.startedAt()).abs().compareTo(READING_ERROR) < 0)
        .isPresent();
  }

  private static Optional<Incarnation> parse(String text) {
    String[] parts = text.split(" ", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Incarnation(
              parts[0],
              Long.parseLong(parts[1]),
              Instant.ofEpochSecond(Long.parseLong(parts[2])),
              parts[3]));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String place(String machine) {
    try {
      return Files.readString(BOOT).strip()
          + ":"
          + Files.readSymbolicLink(PROCESS_NAMES).toString().replaceAll("\\D", "");
    } catch (IOException e) {
      return machine.replace(' ', '_');
    }
  }
}
