package dev.ironic.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Programs of the host that a QEMU machine needs, as packages of Debian. */
final class DebianPackages {

  private final Path log;
  private final Screen screen;
  private final Leftovers leftovers;

  /**
   * Creates it.
   *
   * @param log where apt's output goes
   */
  DebianPackages(Path log, Screen screen, Leftovers leftovers) {
    this.log = log;
    this.screen = screen;
    this.leftovers = leftovers;
  }

  /** Whether missing packages can be installed without asking anybody. */
  static boolean installable() {
    return "root".equals(System.getProperty("user.name"))
        && Files.exists(Path.of("/etc/debian_version"))
        && Files.isExecutable(Path.of("/usr/bin/apt-get"));
  }

  /** The command that installs them. */
  static String command(List<String> packages) {
    return "apt-get install --no-install-recommends " + String.join(" ", new TreeSet<>(packages));
  }

  /**
   * Installs packages.
   *
   * @throws QuickstartException naming the command to use when that fails or is not possible
   */
  void install(List<String> packages) throws IOException {
    if (packages.isEmpty()) {
      return;
    }
    if (!installable()) {
      throw new QuickstartException(
          "Missing on this host; as root on Debian: " + command(packages));
    }
    screen.line("Installing Debian packages: " + String.join(" ", packages));
    // A machine that never asked for the list of packages has none.
    if (!apt(packages) && (run(List.of("apt-get", "-q", "update")) != 0 || !apt(packages))) {
      throw new QuickstartException(
          "The packages could not be installed; see %s and try: %s"
              .formatted(log, command(packages)));
    }
  }

  private boolean apt(List<String> packages) throws IOException {
    var command = new ArrayList<>(List.of("apt-get", "install", "-y", "-q"));
    command.add("--no-install-recommends");
    command.addAll(packages);
    return run(command) == 0;
  }

  private int run(List<String> command) throws IOException {
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
    try {
      Process process = builder.start();
      // Half installed packages would be worse than to wait for them.
      leftovers.add(() -> process.waitFor());
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QuickstartException("Interrupted");
    }
  }
}
