package dev.ironic.quickstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The scripts that build the deployment ramdisk and the sample operating system. */
final class RamdiskBuild {

  private static final List<String> SCRIPTS = List.of("build", "build-os-image");

  private final Path folder;
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration QUIET = Duration.ofSeconds(2);

  private final Screen screen;
  private final Leftovers leftovers;

  RamdiskBuild(Path root, Screen screen, Leftovers leftovers) {
    this.folder = root.resolve("ramdisk");
    this.screen = screen;
    this.leftovers = leftovers;
  }

  /** The Debian packages that the scripts lack on this host. */
  List<String> missing() throws IOException {
    var packages = new ArrayList<String>();
    for (String script : SCRIPTS) {
      Process process = start(script, "--missing");
      try (Stream<String> lines = process.inputReader().lines()) {
        lines.flatMap(line -> Stream.of(line.split(" "))).forEach(packages::add);
      }
      end(script, process, "");
    }
    return packages.stream().filter(name -> !name.isBlank()).distinct().sorted().toList();
  }

  /** Builds what is not up to date. */
  void run() throws IOException {
    for (String script : SCRIPTS) {
      Process process = start(script);
      end(script, process, follow(script, process));
    }
  }

  /** Shows what a script says, and that it is at work while it says nothing. */
  private String follow(String script, Process process) throws IOException {
    Duration start = screen.elapsed();
    String last = "";
    try (BufferedReader lines = process.inputReader()) {
      while (process.isAlive() || lines.ready()) {
        if (lines.ready()) {
          last = lines.readLine();
          screen.line(last);
          continue;
        }
        Duration elapsed = screen.elapsed().minus(start);
        if (elapsed.compareTo(QUIET) > 0) {
          screen.live(
              "  building: ramdisk/%s (%d s)".formatted(script, elapsed.toSeconds()), script);
        }
        NodeWatch.sleep(LOOK);
      }
    }
    return last;
  }

  /** A result of the scripts. */
  Path result(String name) {
    Path file = folder.resolve("out").resolve(name);
    if (!Files.isReadable(file)) {
      throw new QuickstartException("ramdisk/build left no " + file);
    }
    return file;
  }

  private Process start(String script, String... arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(folder.resolve(script).toString());
    command.addAll(List.of(arguments));
    return leftovers.add(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  private static void end(String script, Process process, String last) {
    try {
      int status = process.waitFor();
      if (status != 0) {
        throw new QuickstartException(
            "ramdisk/%s ended with status %d: %s".formatted(script, status, last));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QuickstartException("Interrupted");
    }
  }
}
