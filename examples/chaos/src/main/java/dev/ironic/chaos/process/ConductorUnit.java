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
  private static final Duration START = Duration.ofSeconds(120);

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

  /** Starts a process, without waiting for it. */
  public void launch() throws IOException {
    process =
        JavaProcess.start(name, "is ready", log, MAIN, List.of("--config-file", config.toString()));
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
