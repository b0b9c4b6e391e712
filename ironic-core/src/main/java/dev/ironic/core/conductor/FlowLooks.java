package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.conductor.FlowEngine.Cause;
import dev.ironic.core.model.Flow;
import dev.ironic.core.model.Node;
import dev.ironic.core.store.DatabaseException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has flows looked at, soon or after a while, and again when worker, lock or database cannot be had
 * at the moment. Thread-safe.
 */
final class FlowLooks {

  private static final Logger LOG = LoggerFactory.getLogger(FlowLooks.class);
  private static final int ANY_STEP = -1;

  private final TaskManager tasks;
  private final Timers timers;
  private final BiConsumer<Task, Cause> goOn;
  private final BooleanSupplier leaving;
  private final Map<String, Object> polls = new ConcurrentHashMap<>();
  private final Set<String> wanted = ConcurrentHashMap.newKeySet();

  /**
   * Creates it.
   *
   * @param goOn goes on with the flow of a node whose lock the task holds
   * @param leaving whether other conductors look at flows from now on
   */
  FlowLooks(
      TaskManager tasks, Timers timers, BiConsumer<Task, Cause> goOn, BooleanSupplier leaving) {
    this.tasks = tasks;
    this.timers = timers;
    this.goOn = goOn;
    this.leaving = leaving;
  }

  /** Whether a node will be looked at, or is just now. */
  boolean expects(String nodeUuid) {
    return polls.containsKey(nodeUuid) || wanted.contains(nodeUuid);
  }

  /** Looks at a node after a while, instead of when it was to be polled so far. */
  void after(Duration delay, String nodeUuid) {
    var poll = new Object();
    polls.put(nodeUuid, poll);
    timers.after(
        delay,
        () -> {
          if (poll.equals(polls.get(nodeUuid))) {
            soon(nodeUuid, Cause.POLL);
            polls.remove(nodeUuid, poll);
          }
        });
  }

  /** Looks at a node as soon as a worker is free. */
  void soon(String nodeUuid, Cause cause) {
    soon(nodeUuid, cause, ANY_STEP);
  }

  private void soon(String nodeUuid, Cause cause, int cursor) {
    if (leaving.getAsBoolean()) {
      return;
    }
    wanted.add(nodeUuid);
    if (!tasks
        .workers()
        .tryStart(Workers.Share.NORMAL, "go on", () -> look(nodeUuid, cause, cursor))) {
      again(nodeUuid, cause, cursor);
    }
  }

  private void again(String nodeUuid, Cause cause, int cursor) {
    timers.after(tasks.options().nodeLockedRetryInterval(), () -> soon(nodeUuid, cause, cursor));
  }

  private void look(String nodeUuid, Cause cause, int cursor) {
    OptionalInt retry = OptionalInt.empty();
    try {
      retry = attempt(nodeUuid, cause, cursor);
    } finally {
      if (retry.isEmpty()) {
        wanted.remove(nodeUuid);
      }
    }
    retry.ifPresent(step -> again(nodeUuid, cause, step));
  }

  /**
   * Who asked meant the step that was the current one then: for another there is nothing to do.
   *
   * @return the step to try it again for; empty when it need not be tried again
   */
  private OptionalInt attempt(String nodeUuid, Cause cause, int cursor) {
    try {
      Optional<Node> node = tasks.store().nodes().find(nodeUuid);
      Optional<Flow> flow = node.flatMap(found -> tasks.store().flows().living(found.id()));
      return flow.isPresent() && (cursor == ANY_STEP || cursor == flow.get().cursor())
          ? attempt(nodeUuid, cause, flow.get())
          : OptionalInt.empty();
    } catch (DatabaseException e) {
      LOG.warn("Node {} is looked at again later: {}", nodeUuid, e.getMessage());
      return OptionalInt.of(cursor);
    }
  }

  private OptionalInt attempt(String nodeUuid, Cause cause, Flow flow) {
    // A flow at work that has somebody's lock is looked after already.
    boolean needed = cause != Cause.RECOVERY || flow.state() == Flow.State.WAITING;
    try (Task task = lock(nodeUuid, flow, needed)) {
      if (isStillAt(flow)) {
        tasks.guarded(task, flow.kind().wireName(), held -> goOn.accept(held, cause));
      }
    } catch (IronicException e) {
      if (e.fault() != Fault.NODE_LOCKED) {
        throw e;
      }
      if (needed) {
        return OptionalInt.of(flow.cursor());
      }
    }
    return OptionalInt.empty();
  }

  private Task lock(String nodeUuid, Flow flow, boolean waiting) {
    return waiting
        ? tasks.exclusiveAmongUs(FlowRun.askedBy(flow), nodeUuid, "go on")
        : tasks.exclusiveNow(FlowRun.askedBy(flow), nodeUuid, "go on");
  }

  /** Whoever held the lock before may have done the step. */
  private boolean isStillAt(Flow flow) {
    return tasks
        .store()
        .flows()
        .living(flow.nodeId())
        .filter(now -> now.id() == flow.id() && now.cursor() == flow.cursor())
        .isPresent();
  }
}
