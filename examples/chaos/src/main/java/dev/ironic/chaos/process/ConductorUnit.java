package dev.ironic.chaos.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A conductor's place: its name, its configuration, its ways to the database and from the API, and
 * the process that runs there at the moment, if any. Used by one thread at a time.
 */
public final class ConductorUnit implements AutoCloseable {

  private static final String MAIN = "dev.ironic.conductor.ConductorMain";
  private static final String READY = "is ready";
  private static final Duration START = Duration.ofMinutes(2);

  private final String name;
  private final Path config;
  private final Path log;
  private final TcpProxy database;
  private final TcpProxy rpc;
  private @Nullable JavaProcess process;

  ConductorUnit(String name, Path config, Path log, TcpProxy database, TcpProxy rpc) {
    this.name = name;
    this.config = config;
    this.log = log;
    this.database = database;
    this.rpc = rpc;
  }

  /** Its host name. */
  public String name() {
    return name;
  }

  /** Its configuration file. */
  public Path config() {
    return config;
  }

  /** Where its output goes. */
  public Path log() {
    return log;
  }

  /** The way to the database. */
  public TcpProxy database() {
    return database;
  }

  /** The way from the API services. */
  public TcpProxy rpc() {
    return rpc;
  }

  /** Whether a process runs, or is paused. */
  public boolean isRunning() {
    return process != null && process.isAlive();
  }

  /** The process. */
  public JavaProcess process() {
    return Objects.requireNonNull(process, () -> name + " does not run");
  }

  /** Starts a conductor, without waiting for it. */
  public void launch() throws IOException {
    launch(MAIN, READY, List.of("--config-file", config.toString()));
  }

  /**
   * Starts a program of a test's own instead, without waiting for it.
   *
   * @param sign what it says when it is where it is to be
   */
  public void launch(String mainClass, String sign, List<String> arguments) throws IOException {
    process = JavaProcess.start(name, sign, log, mainClass, arguments);
  }

  /** Waits until the process serves. */
  public void awaitReady() throws InterruptedException {
    process().awaitSign(START);
  }

  /** Starts a process and waits until it serves. */
  public void start() throws IOException, InterruptedException {
    launch();
    awaitReady();
  }

  /** Ends what runs, and takes the proxies away. */
  @Override
  public void close() {
    if (process != null) {
      process.kill();
    }
    database.close();
    rpc.close();
  }
}
