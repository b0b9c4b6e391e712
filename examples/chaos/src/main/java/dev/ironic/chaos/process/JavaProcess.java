package dev.ironic.chaos.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A Java program of our own class path as a process: it can be paused, told to end, and killed. Its
 * output goes to a file. Thread-safe.
 */
public final class JavaProcess implements AutoCloseable {

  /** Several of them share a small machine; what they do is mostly to wait. */
  private static final List<String> SMALL =
      List.of(
          "-Xmx192m",
          "-Xss512k",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xshare:auto",
          "--enable-native-access=ALL-UNNAMED");

  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  private final String name;
  private final String sign;
  private final Path log;
  private final Process process;
  private final CompletableFuture<String> said = new CompletableFuture<>();

  private JavaProcess(String name, String sign, Path log, Process process) {
    this.name = name;
    this.sign = sign;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts a program; does not wait for anything.
   *
   * @param name for messages
   * @param sign what a line of its output contains once it has come to the point of interest
   * @param log file that its output is appended to
   * @param mainClass what to run
   * @param arguments for it
   */
  public static JavaProcess start(
      String name, String sign, Path log, String mainClass, List<String> arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(SMALL);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var started = new JavaProcess(name, sign, log, process);
    Thread.ofPlatform().daemon().name("output of " + name).start(started::listen);
    return started;
  }

  private void listen() {
    try (BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        BufferedWriter file =
            Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        file.write(line + "\n");
        file.flush();
        if (line.contains(sign)) {
          said.complete(line);
        }
      }
    } catch (IOException e) {
      // The process was killed, or this one is about to end.
    } finally {
      said.completeExceptionally(new IOException("the process has ended"));
    }
  }

  /**
   * Waits for the line that contains the sign.
   *
   * @return the line
   * @throws IllegalStateException when the process ends before, or takes longer
   */
  public String awaitSign(Duration limit) throws InterruptedException {
    try {
      return said.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(
          "%s never said '%s', and %s. Its last words in %s: %s"
              .formatted(
                  name, sign, process.isAlive() ? "still runs" : "has ended", log, lastWords()),
          e);
    }
  }

  /** The end of its output. */
  public String lastWords() {
    try {
      List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    } catch (IOException e) {
      return "(unreadable: " + e + ")";
    }
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Whether it runs, or is paused. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The number of the process. */
  public long pid() {
    return process.pid();
  }

  /** SIGKILL; returns when it is gone. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** SIGSTOP: it stands still until {@link #goOn}. */
  public void pause() {
    signal("STOP");
  }

  /** SIGCONT. */
  public void goOn() {
    signal("CONT");
  }

  /** SIGTERM: it is told to end. */
  public void terminate() {
    process.destroy();
  }

  /**
   * Waits for its end.
   *
   * @return false when it takes longer
   */
  public boolean awaitEnd(Duration limit) throws InterruptedException {
    return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void signal(String signal) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
      kill.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException("There is no program 'kill'", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while sending " + signal + " to " + name, e);
    }
  }

  /** Tells it to end, and kills it when it does not. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (process.waitFor(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
