package dev.ironic.examples.embedded;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The threads of this JVM, virtual ones too, which {@code Thread.getAllStackTraces} leaves out. */
final class Threads {

  private static final Pattern HEADING = Pattern.compile("(?m)^#\\d+ \"[^\"]*\".*$");

  /** What the JVM makes for itself, when it likes, and keeps. */
  private static final Pattern OF_THE_JVM =
      Pattern.compile(
          ".*\"(ForkJoinPool-1-worker-\\d+|VirtualThread-unblocker|VirtualThread-unparker"
              + "|Read-Poller|Write-Poller|MasterPoller|Attach Listener|awaitility[^\"]*)\".*");

  private Threads() {}

  /** One line for each, with its number, which is never given twice. */
  static Set<String> alive(Path folder) {
    try {
      Path dump = Files.createTempDirectory(folder, "threads").resolve("dump.txt");
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(dump.toAbsolutePath().toString(), ThreadDumpFormat.TEXT_PLAIN);
      return HEADING
          .matcher(Files.readString(dump))
          .results()
          .map(MatchResult::group)
          .filter(line -> !OF_THE_JVM.matcher(line).matches())
          // Newer JDKs put what the thread is doing behind its name.
          .map(line -> line.substring(0, line.lastIndexOf('"') + 1))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
