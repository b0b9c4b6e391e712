package dev.ironic.agent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The options after {@code java -jar ironic-agent.jar}.
 *
 * @param kernelParameters file that holds the kernel command line
 * @param caFile PEM file of the authorities to believe
 * @param disks files that are disks
 * @param macs MAC addresses, lower case
 * @param powerByExitCode end the process instead of the machine
 * @param selfTest only try out the parts and exit
 * @param help only print the usage
 */
record CommandLine(
    Path kernelParameters,
    @Nullable Path caFile,
    List<Path> disks,
    List<String> macs,
    boolean powerByExitCode,
    boolean selfTest,
    boolean help) {

  static final String USAGE =
      """
      usage: java -jar ironic-agent.jar [options]
        --cmdline-file FILE   kernel parameters (default /proc/cmdline)
        --cafile FILE         PEM file of the authorities to believe
        --disk FILE           a file that is a disk; repeatable; makes this a process machine
        --mac MAC             a MAC address of the process machine; repeatable
        --power-exit-codes    end the process instead of the machine: 0 power off, 64 reboot
                              (always so with --disk)
        --self-test           try out start-up, TLS, JSON and HTTP against itself, and exit
        --help                this text
      """;

  static CommandLine parse(List<String> arguments) {
    Path kernelParameters = Path.of("/proc/cmdline");
    Path caFile = null;
    List<Path> disks = new ArrayList<>();
    List<String> macs = new ArrayList<>();
    boolean powerByExitCode = false;
    boolean selfTest = false;
    boolean help = false;
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      switch (option) {
        case "--cmdline-file" -> kernelParameters = Path.of(value(option, rest));
        case "--cafile" -> caFile = Path.of(value(option, rest));
        case "--disk" -> disks.add(Path.of(value(option, rest)).toAbsolutePath());
        case "--mac" -> macs.add(mac(value(option, rest)));
        case "--power-exit-codes" -> powerByExitCode = true;
        case "--self-test" -> selfTest = true;
        case "--help", "-h" -> help = true;
        default -> throw new IllegalArgumentException("unknown option " + option + "; see --help");
      }
    }
    if (disks.isEmpty() != macs.isEmpty()) {
      throw new IllegalArgumentException(
          "--disk and --mac go together: give at least one of each for a process machine");
    }
    return new CommandLine(
        kernelParameters,
        caFile,
        List.copyOf(disks),
        List.copyOf(macs),
        powerByExitCode,
        selfTest,
        help);
  }

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(option + " needs a value; see --help");
    }
    return rest.next();
  }

  private static String mac(String text) {
    String mac = text.toLowerCase(Locale.ROOT);
    if (!mac.matches("[0-9a-f]{2}(:[0-9a-f]{2}){5}")) {
      throw new IllegalArgumentException(
          "--mac " + text + " is not a MAC address such as 52:54:00:12:34:56");
    }
    return mac;
  }
}
