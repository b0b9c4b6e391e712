package dev.ironic.agent.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A command that was accepted: running, or ended with a result or an error. Thread-safe. */
public final class CommandResult {

  /** The words of the wire. */
  enum Status {
    RUNNING,
    SUCCEEDED,
    FAILED,
    CLEAN_VERSION_MISMATCH
  }

  private record Outcome(
      Status status, @Nullable AgentException error, @Nullable Object result, String name) {}

  private final String id = UUID.randomUUID().toString();
  private final String name;
  private final Progress progress = new Progress();
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile Outcome outcome;

  CommandResult(String name) {
    this.name = name;
    this.outcome = new Outcome(Status.RUNNING, null, null, name);
  }

  String id() {
    return id;
  }

  String name() {
    return name;
  }

  Progress progress() {
    return progress;
  }

  boolean running() {
    return outcome.status == Status.RUNNING;
  }

  void succeed(@Nullable Object result) {
    end(new Outcome(Status.SUCCEEDED, null, result, name));
  }

  /** Ends it as failed; the name shown may differ from the command's (a rule of the wire). */
  void fail(AgentException error, String shownName) {
    Status status =
        error.kind() == ErrorKind.VERSION_MISMATCH ? Status.CLEAN_VERSION_MISMATCH : Status.FAILED;
    end(new Outcome(status, error, null, shownName));
  }

  private void end(Outcome ended) {
    outcome = ended;
    done.countDown();
  }

  void await() throws InterruptedException {
    done.await();
  }

  Map<String, @Nullable Object> toWire() {
    Outcome now = outcome;
    Map<String, @Nullable Object> wire = new LinkedHashMap<>();
    wire.put("id", id);
    wire.put("command_name", now.name);
    wire.put("command_status", now.status.name());
    wire.put("command_error", now.error == null ? null : now.error.toWire());
    wire.put("command_result", now.status == Status.RUNNING ? running(progress) : now.result);
    return wire;
  }

  // Null until something was reported, as callers that know nothing of progress expect.
  private static @Nullable Object running(Progress progress) {
    Map<String, Object> report = progress.toWire();
    return report == null ? null : Map.of("progress", report);
  }
}
