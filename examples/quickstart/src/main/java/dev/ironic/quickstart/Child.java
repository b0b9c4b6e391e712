package dev.ironic.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program of ours that runs beside the quickstart, with its output in a file. May be closed by
 * any thread.
 */
final class Child implements AutoCloseable {

  private static final int TAIL = 15;

  private final String name;
  private final List<String> command;
  private final Path log;
  private Process process;
  private boolean closed;

  private Child(String name, List<String> command, Path log, Process process) {
    this.name = name;
    this.command = command;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts a program.
   *
   * @param log where its output goes
   */
  static Child start(String name, Path log, String... command) throws IOException {
    List<String> parts = List.of(command);
    return new Child(name, parts, log, launch(parts, log));
  }

  private static Process launch(List<String> command, Path log) throws IOException {
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    String folder = Files.createDirectories(log.resolveSibling("tmp")).toString();
    // What a killed program leaves behind goes with the state. The launchers part words at blanks.
    if (folder.chars().noneMatch(Character::isWhitespace)) {
      builder
          .environment()
          .merge("IRONIC_JAVA_OPTS", "-Djava.io.tmpdir=" + folder, (old, ours) -> old + " " + ours);
    }
    return builder.start();
  }

  /** Whether a line of its output contains the text. */
  boolean said(String text) {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.anyMatch(line -> line.contains(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails when it has ended by itself. */
  synchronized void checkAlive() throws IOException {
    if (!process.isAlive()) {
      throw new QuickstartException(
          "%s ended with status %d:%n%s".formatted(name, process.exitValue(), tail(log)));
    }
  }

  /** The last lines of a file. */
  static String tail(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
  }

  /** Kills it without warning, as a crash would, and starts it again. */
  synchronized void crashAndRestart() throws IOException {
    if (closed) {
      return;
    }
    // The launcher becomes the JVM, so this is the JVM itself.
    process.destroyForcibly();
    process.onExit().join();
    process = launch(command, log);
  }

  @Override
  public synchronized void close() {
    closed = true;
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
