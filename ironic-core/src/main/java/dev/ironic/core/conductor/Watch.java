package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.model.ConductorRecord;
import dev.ironic.core.model.Flow;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.model.ProvisionState.Trait;
import dev.ironic.core.store.NodeLock;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Query.Filter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after nodes that nobody works on although somebody should: those that wait too long, those
 * whose conductor died, those that moved here. Thread-safe.
 */
final class Watch {

  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

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
        inBackground(node.uuid(), "timeout", task -> timeOut(task, state, limit));
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

  /** Frees the nodes of conductors that are gone, and goes on with their work. */
  void adoptOrphans() {
    for (ConductorRecord dead :
        tasks.store().conductors().offline(tasks.options().heartbeatTimeout())) {
      if (dead.hostname().equals(tasks.host())) {
        continue;
      }
      for (Node node : tasks.store().nodes().list(Query.where("reservation", dead.hostname()))) {
        if (mine.test(node)) {
          seize(node, dead.hostname());
        }
      }
    }
    goOnWithFlows();
  }

  private void seize(Node node, String dead) {
    NodeLock lock;
    try {
      lock = tasks.store().nodes().seize(node.uuid(), dead, tasks.host());
    } catch (IronicException e) {
      if (e.fault() == Fault.NODE_LOCKED || e.fault() == Fault.NODE_NOT_FOUND) {
        return;
      }
      throw e;
    }
    LOG.warn("Node {} is taken over from conductor {}, which is gone", node.uuid(), dead);
    try (Task task = tasks.holding(context(), lock, "take-over")) {
      forgetPowerAction(task);
    }
  }

  /** What was switched when a conductor died is not known. */
  void forgetPowerAction(Task task) {
    if (task.model().targetPowerState() != null) {
      String error = "A power operation was cut short because its conductor stopped";
      task.save(node -> node.with(b -> b.targetPowerState(null).lastError(error)));
      task.history("conductor", true, error);
    }
  }

  /**
   * Goes on with flows that nobody works on, and fails nodes that are at work without a journal.
   */
  void goOnWithFlows() {
    for (Flow flow : tasks.store().flows().living()) {
      if (flow.state() == Flow.State.RUNNING) {
        tasks
            .store()
            .nodes()
            .findById(flow.nodeId())
            .filter(node -> node.reservation() == null && mine.test(node))
            .ifPresent(node -> engine.resume(node.uuid(), FlowEngine.Cause.RECOVERY));
      }
    }
    Query busy =
        Query.ALL
            .and(new Filter.In("provisionState", ProvisionState.with(Trait.WORKER_BUSY)))
            .and(new Filter.IsNull("reservation", true));
    for (Node node : tasks.store().nodes().list(busy)) {
      if (mine.test(node) && tasks.store().flows().living(node.id()).isEmpty()) {
        inBackground(node.uuid(), "recovery", this::failWithoutJournal);
      }
    }
  }

  /** Waiting flows that poll lost their timer with their conductor. */
  void goOnWithWaiting() {
    for (Flow flow : tasks.store().flows().living()) {
      if (flow.state() == Flow.State.WAITING) {
        tasks
            .store()
            .nodes()
            .findById(flow.nodeId())
            .filter(mine)
            .filter(node -> FlowEngine.canTellByItself(flow, node))
            .ifPresent(node -> engine.resume(node.uuid(), FlowEngine.Cause.RECOVERY));
      }
    }
  }

  private void failWithoutJournal(Task task) {
    Node node = task.model();
    if (!node.provisionState().is(Trait.WORKER_BUSY)
        || tasks.store().flows().living(node.id()).isPresent()) {
      return;
    }
    String error =
        "The node was in state %s although no conductor works on it"
            .formatted(node.provisionState().wireName());
    engine.fail(task, FlowPlan.Ending.FAILURE, error);
  }

  /** Builds up what nodes need here that were served by another conductor. */
  void syncLocalState() {
    long self = conductorId.getAsLong();
    Query moved =
        Query.where("provisionState", ProvisionState.ACTIVE)
            .and(new Filter.IsNull("reservation", true))
            .and(new Filter.Equal("maintenance", false));
    int started = 0;
    for (Node node : tasks.store().nodes().list(moved)) {
      Long affinity = node.conductorAffinity();
      if (started >= tasks.options().periodicMaxWorkers()) {
        return;
      }
      if ((affinity == null || affinity != self) && mine.test(node)) {
        started++;
        inBackground(node.uuid(), "take-over", this::takeOver);
      }
    }
  }

  private void takeOver(Task task) {
    if (task.model().provisionState() != ProvisionState.ACTIVE) {
      return;
    }
    task.deploy().prepare(task);
    task.deploy().takeOver(task);
    task.save(node -> node.with(b -> b.conductorAffinity(conductorId.getAsLong())));
    task.history("takeover", false, "Node taken over by conductor " + tasks.host());
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

  private void inBackground(String uuid, String what, Consumer<Task> work) {
    tasks
        .workers()
        .tryStart(
            Workers.Share.NORMAL,
            what,
            () -> {
              try (Task task = tasks.exclusiveNow(context(), uuid, what)) {
                tasks.guarded(task, what, work);
              } catch (IronicException e) {
                LOG.info("Node {} is left for the next round: {}", uuid, e.getMessage());
              }
            });
  }
}
