package dev.ironic.chaos.yard;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A machine: power, what it boots from and what runs, a disk, and jobs that it does by itself. It
 * minds the order: what needs the ramdisk is refused where none runs. Thread-safe.
 */
final class Machine {

  private static final String NOTHING = "none";
  private static final String RAMDISK = "ramdisk";

  private final Function<String, Duration> jobLengths;
  private final Predicate<String> held;
  private final Map<String, Instant> jobs = new HashMap<>();
  private boolean on;
  private String bootsFrom = NOTHING;
  private String runs = NOTHING;
  private String disk = "";
  private int boots;

  /**
   * Creates a machine that is off.
   *
   * @param jobLengths how long a job takes
   * @param held whether a job must not end for now
   */
  Machine(Function<String, Duration> jobLengths, Predicate<String> held) {
    this.jobLengths = jobLengths;
    this.held = held;
  }

  /**
   * Does what it is told.
   *
   * @return what it answers; null when it refuses
   */
  synchronized @Nullable String perform(String words, Instant now) {
    jobs.keySet().stream().sorted().forEach(job -> settle(job, now));
    String[] parts = words.split(" ", 2);
    String object = parts.length < 2 ? "" : parts[1];
    return switch (parts[0]) {
      case "power" -> power(object);
      case "boot" -> boot(object);
      case "begin" -> begin(object, now);
      case "job" -> job(object, now);
      case "configure" ->
          inRamdisk(() -> disk = disk.replaceFirst(" for .*", "") + " for " + object);
      case "wipe" -> inRamdisk(() -> disk = "no " + object);
      default -> null;
    };
  }

  private String power(String target) {
    switch (target) {
      case "on" -> {
        if (!on) {
          on = true;
          runs = bootsFrom;
          boots++;
        }
      }
      case "off" -> {
        on = false;
        runs = NOTHING;
      }
      default -> {}
    }
    return on ? "on" : "off";
  }

  private String boot(String source) {
    if (!source.isEmpty()) {
      bootsFrom = source;
    }
    if (source.equals(RAMDISK)) {
      // Work begins; what was done before is history.
      jobs.clear();
    }
    return bootsFrom;
  }

  private @Nullable String begin(String job, Instant now) {
    return inRamdisk(() -> jobs.putIfAbsent(job, now.plus(jobLengths.apply(job))));
  }

  private String job(String name, Instant now) {
    Instant end = jobs.get(name);
    if (end == null) {
      return "unknown";
    }
    return isOver(name, end, now) ? "done" : "running";
  }

  private boolean isOver(String job, Instant end, Instant now) {
    return !now.isBefore(end) && !held.test(job);
  }

  /** The effects of jobs that are over. */
  private void settle(String job, Instant now) {
    Instant end = jobs.get(job);
    if (end == null || !isOver(job, end, now)) {
      return;
    }
    if (job.startsWith("write ") && !disk.startsWith(image(job))) {
      disk = image(job);
    } else if (job.equals("wipe")) {
      disk = "";
    }
  }

  private static String image(String job) {
    return "system of " + job.substring("write ".length());
  }

  private @Nullable String inRamdisk(Runnable work) {
    if (!runs.equals(RAMDISK)) {
      return null;
    }
    work.run();
    return "";
  }

  synchronized MachineState state() {
    return new MachineState(on, runs, disk, boots);
  }
}
