package dev.ironic.quickstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The scripts that build the deployment ramdisk and the sample operating system. */
final class RamdiskBuild {

  private static final List<String> SCRIPTS = List.of("build", "build-os-image");

  private final Path folder;
  private final Screen screen;

  RamdiskBuild(Path root, Screen screen) {
    this.folder = root.resolve("ramdisk");
    this.screen = screen;
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
      String last = "";
      try (BufferedReader lines = process.inputReader()) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          last = line;
          screen.line(line);
        }
      }
      end(script, process, last);
    }
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
    return new ProcessBuilder(command).redirectErrorStream(true).start();
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
