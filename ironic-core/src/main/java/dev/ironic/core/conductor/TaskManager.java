package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.conductor.LockQueue.Patience;
import dev.ironic.core.driver.DriverRegistry;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.UuidForm;
import dev.ironic.core.store.DatabaseException;
import dev.ironic.core.store.LockedNode;
import dev.ironic.core.store.NodeLock;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Store;
import dev.ironic.driver.Sleeper;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Gives out tasks on nodes. Thread-safe. */
public final class TaskManager {

  private static final Logger LOG = LoggerFactory.getLogger(TaskManager.class);

  private final Store store;
  private final DriverRegistry drivers;
  private final Workers workers;
  private final ConductorOptions options;
  private final String host;
  private final Clock clock;
  private final Sleeper sleeper;
  private final HeldLocks locks;
  private final LockQueue queue;
  private @Nullable TaskHooks hooks;

  /**
   * Creates a manager.
   *
   * @param host name under which this conductor locks nodes
   * @param bells makes what wakes those who wait for a lock
   */
  TaskManager(
      Store store,
      DriverRegistry drivers,
      Workers workers,
      ConductorOptions options,
      String host,
      Clock clock,
      Sleeper sleeper,
      Supplier<Bell> bells,
      HeldLocks locks) {
    this.store = store;
    this.drivers = drivers;
    this.workers = workers;
    this.options = options;
    this.host = host;
    this.clock = clock;
    this.sleeper = sleeper;
    this.locks = locks;
    queue =
        new LockQueue(
            locks,
            sleeper,
            bells,
            options.nodeLockedRetryAttempts(),
            options.nodeLockedRetryInterval(),
            this::holderOf);
  }

  /** Tells whom tasks ask for what drivers want; before the first task. */
  void bind(TaskHooks hooks) {
    this.hooks = hooks;
  }

  /**
   * Locks a node after all of this conductor who came before, trying as long as configured.
   *
   * @param ident UUID or name
   * @param purpose why, in words
   * @throws IronicException NODE_LOCKED, NODE_NOT_FOUND, or what is wrong with its interfaces
   */
  public Task exclusive(RequestContext context, String ident, String purpose) {
    return checked(lock(context, ident, purpose, Patience.ALL));
  }

  /**
   * Locks a node unless somebody holds the lock or waits for it, other than for one transaction;
   * the same errors as {@link #exclusive}.
   */
  public Task exclusiveNow(RequestContext context, String ident, String purpose) {
    return checked(lock(context, ident, purpose, Patience.NONE));
  }

  /** The same as {@link #exclusive}, but does not wait for other conductors. */
  Task exclusiveAmongUs(RequestContext context, String ident, String purpose) {
    return checked(lock(context, ident, purpose, Patience.OUR_OWN));
  }

  /** Locks a node without looking at its driver, which this conductor may lack. */
  public Task exclusiveWithoutDriver(RequestContext context, String ident, String purpose) {
    return lock(context, ident, purpose, Patience.ALL);
  }

  /** Reads a node without lock; the errors are NODE_NOT_FOUND and those of its interfaces. */
  public Task shared(RequestContext context, String ident, String purpose) {
    Task task = new Task(this, context, purpose, null, store.nodes().get(ident));
    drivers.complete(task.model());
    return task;
  }

  /**
   * The UUIDs of nodes, for work that takes long: the nodes themselves would fill the memory, and
   * change meanwhile.
   */
  List<String> uuids(Query query, Predicate<Node> wanted) {
    var found = new ArrayList<String>();
    store
        .nodes()
        .forEach(
            query,
            node -> {
              if (wanted.test(node)) {
                found.add(node.uuid());
              }
            });
    return found;
  }

  /** A task on a node with a lock that was taken already. */
  Task holding(RequestContext context, NodeLock lock, String purpose) {
    return new Task(this, context, purpose, lock, store.nodes().get(lock.nodeUuid()));
  }

  /**
   * Does work under the lock in one transaction: nobody ever sees the lock, and all is undone when
   * the work fails. For work in the database only, since others wait for the transaction.
   */
  <R> R inOneGo(RequestContext context, String ident, String purpose, Function<Task, R> work) {
    return queue.inOneGo(
        uuid(ident),
        () ->
            store.inTransaction(
                () -> {
                  try (Task task = take(context, ident, purpose)) {
                    return work.apply(task);
                  }
                }));
  }

  private Task lock(RequestContext context, String ident, String purpose, Patience patience) {
    return queue.inTurn(uuid(ident), patience, () -> take(context, ident, purpose));
  }

  private Task take(RequestContext context, String ident, String purpose) {
    LockedNode locked = store.nodes().take(ident, host, purpose);
    return new Task(this, context, purpose, locked.lock(), locked.node());
  }

  private String uuid(String ident) {
    return UuidForm.fits(ident) ? ident : store.nodes().get(ident).uuid();
  }

  /** When nobody holds the lock just now, the next of us is about to take it. */
  private String holderOf(String nodeUuid) {
    String holder = store.nodes().get(nodeUuid).reservation();
    return holder == null ? host : holder;
  }

  private Task checked(Task task) {
    try {
      drivers.complete(task.model());
      return task;
    } catch (RuntimeException e) {
      task.close();
      throw e;
    }
  }

  /** Does what can as well be done the next time: not at all when worker or lock are not free. */
  void inBackground(String uuid, String what, Consumer<Task> work) {
    workers.tryStart(
        Workers.Share.NORMAL,
        what,
        () -> {
          try (Task task = exclusiveNow(Watch.context(), uuid, what)) {
            guarded(task, what, work, held -> true);
          } catch (IronicException e) {
            LOG.info("Node {} is left for the next round: {}", uuid, e.getMessage());
          }
        });
  }

  /** Runs a worker's part of a task. */
  void work(Task task, String what, Consumer<Task> work) {
    try (task) {
      guarded(task, what, work);
    }
  }

  /** Runs work on a worker's own task; what escapes becomes the last error. */
  void guarded(Task task, String what, Consumer<Task> work) {
    guarded(task, what, work, this::isToBeContinued);
  }

  private void guarded(Task task, String what, Consumer<Task> work, Predicate<Task> goesOnLater) {
    MDC.put("node", task.model().uuid());
    MDC.put("request_id", task.context().requestId());
    try {
      work.accept(task);
    } catch (StoppedException e) {
      LOG.info("{}", e.getMessage());
    } catch (RuntimeException e) {
      escaped(task, what, e, goesOnLater);
    } finally {
      MDC.remove("node");
      MDC.remove("request_id");
    }
  }

  private void escaped(Task task, String what, RuntimeException e, Predicate<Task> goesOnLater) {
    if (e instanceof IronicException lost && lost.fault() == Fault.LOCK_LOST) {
      LOG.warn("{} stopped: another conductor has taken over the node", what);
      return;
    }
    if (e instanceof DatabaseException && goesOnLater.test(task)) {
      LOG.warn("{} is interrupted, and goes on later: {}", what, e.getMessage());
      return;
    }
    LOG.error("{} failed", what, e);
    if (task.exclusive() && task.reload().lastError() == null) {
      task.fail(
          "conductor", "Async execution of %s failed with error: %s".formatted(what, reason(e)));
    }
  }

  private boolean isToBeContinued(Task task) {
    return task.model().targetPowerState() != null
        || store.flows().living(task.model().id()).isPresent();
  }

  /** Words for an exception. */
  static String reason(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }

  /** Cuts texts that the database column limits. */
  Node shorten(Node node) {
    String error = cut(node.lastError());
    String reason = cut(node.maintenanceReason());
    return Objects.equals(error, node.lastError())
            && Objects.equals(reason, node.maintenanceReason())
        ? node
        : node.with(b -> b.lastError(error).maintenanceReason(reason));
  }

  private @Nullable String cut(@Nullable String text) {
    return text == null || text.length() <= options.maxTextLength()
        ? text
        : text.substring(0, options.maxTextLength());
  }

  /** The database. */
  public Store store() {
    return store;
  }

  /** The drivers. */
  public DriverRegistry drivers() {
    return drivers;
  }

  /** The workers. */
  public Workers workers() {
    return workers;
  }

  /** The options. */
  public ConductorOptions options() {
    return options;
  }

  /** The name under which this conductor locks nodes. */
  public String host() {
    return host;
  }

  /** The time. */
  public Clock clock() {
    return clock;
  }

  /** Waits. */
  public Sleeper sleeper() {
    return sleeper;
  }

  /** The locks of all tasks. */
  HeldLocks locks() {
    return locks;
  }

  /** Gives a lock back, and lets the next one of us have it. */
  void release(NodeLock lock) {
    try {
      store.nodes().release(lock);
    } finally {
      locks.remove(lock);
      queue.released(lock.nodeUuid());
    }
  }

  TaskHooks hooks() {
    return Objects.requireNonNull(hooks, "bind() has not been called");
  }
}
