package dev.ironic.core.conductor;

import dev.ironic.core.RequestContext;
import dev.ironic.core.model.ConductorRecord;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Query.Filter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Ends what waits too long, and removes what is too old. Thread-safe. */
final class Watch {

  private final TaskManager tasks;
  private final FlowEngine engine;
  private final Predicate<Node> mine;
  private final LongSupplier conductorId;

  Watch(TaskManager tasks, FlowEngine engine, Predicate<Node> mine, LongSupplier conductorId) {
    this.tasks = tasks;
    this.engine = engine;
    this.mine = mine;
    this.conductorId = conductorId;
  }

  static RequestContext context() {
    return RequestContext.internal("req-" + UUID.randomUUID());
  }

  /** Ends what has waited too long in a state. */
  void timeOut(ProvisionState state, Duration limit) {
    Query late =
        Query.where("provisionState", state)
            .and(new Filter.IsNull("reservation", true))
            .and(new Filter.IsNull("parentNode", true))
            .and(new Filter.Equal("maintenance", false))
            .and(
                new Filter.Before(
                    state == ProvisionState.INSPECT_WAIT
                        ? "inspectionStartedAt"
                        : "provisionUpdatedAt",
                    tasks.clock().instant().minus(limit)));
    int started = 0;
    for (Node node : tasks.store().nodes().list(late)) {
      if (started >= tasks.options().periodicMaxWorkers()) {
        return;
      }
      if (mine.test(node)) {
        started++;
        tasks.inBackground(node.uuid(), "timeout", task -> timeOut(task, state, limit));
      }
    }
  }

  /** Somebody may have reported between the list and the lock. */
  private boolean isLate(Node node, ProvisionState state, Duration limit) {
    Instant since =
        state == ProvisionState.INSPECT_WAIT
            ? node.inspectionStartedAt()
            : node.provisionUpdatedAt();
    return node.provisionState() == state
        && !node.maintenance()
        && since != null
        && since.isBefore(tasks.clock().instant().minus(limit));
  }

  private void timeOut(Task task, ProvisionState state, Duration limit) {
    if (!isLate(task.model(), state, limit)) {
      return;
    }
    String what =
        switch (state) {
          case INSPECT_WAIT -> "Timeout reached while inspecting the node";
          case WAIT_CALL_BACK ->
              "Timeout reached while waiting for callback for node " + task.model().uuid();
          default ->
              "Timeout reached in state %s of node %s"
                  .formatted(state.wireName(), task.model().uuid());
        };
    engine.fail(
        task,
        FlowPlan.Ending.TIMEOUT,
        "%s: its ramdisk has not reported for %d s. See on the machine's console whether it boots and reaches the API"
            .formatted(what, limit.toSeconds()));
  }

  /** Removes the rows of conductors that have been gone for long. */
  void removeDeadConductors() {
    Duration timeout = tasks.options().conductorCleanupTimeout();
    Duration heartbeat = tasks.options().heartbeatTimeout();
    if (!heartbeat.isPositive() || timeout.compareTo(heartbeat.multipliedBy(3)) < 0) {
      return;
    }
    List<ConductorRecord> dead = tasks.store().conductors().offline(timeout);
    dead.stream()
        .filter(row -> !row.hostname().equals(tasks.host()))
        .limit(tasks.options().conductorCleanupBatchSize())
        .forEach(row -> tasks.store().conductors().delete(row));
  }

  /** Removes old history. */
  void purgeHistory() {
    ConductorOptions options = tasks.options();
    tasks
        .store()
        .nodes()
        .purgeHistory(
            conductorId.getAsLong(),
            options.nodeHistoryMaxEntries(),
            tasks.clock().instant().minus(Duration.ofDays(options.nodeHistoryMinimumDays())),
            options.nodeHistoryCleanupBatchCount());
  }
}
