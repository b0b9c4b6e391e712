package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.driver.DriverRegistry;
import dev.ironic.core.model.HistoryEntry;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.Port;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.states.ProvisionEvent;
import dev.ironic.core.store.NodeLock;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Store;
import dev.ironic.driver.BiosSettingInfo;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.FirmwareComponentInfo;
import dev.ironic.driver.HardwareInterface;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.NodeInfo;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.NodeUpdate;
import dev.ironic.driver.PortInfo;
import dev.ironic.driver.PortgroupInfo;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.StepProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The one way to a node. A task with the lock may change it; one without only reads. Used by one
 * thread at a time; {@link #handOver} moves it to another. Closing it gives the lock back.
 */
public final class Task implements NodeTask, AutoCloseable {

  private final TaskManager tasks;
  private final RequestContext context;
  private final String purpose;
  private final @Nullable NodeLock lock;
  private Node node;
  private boolean over;
  private boolean stored;

  Task(
      TaskManager tasks,
      RequestContext context,
      String purpose,
      @Nullable NodeLock lock,
      Node node) {
    this.tasks = tasks;
    this.context = context;
    this.purpose = purpose;
    this.lock = lock;
    this.node = node;
    if (lock != null) {
      tasks.locks().add(lock);
    }
  }

  /** The node as last read or written by this task. */
  public Node model() {
    return node;
  }

  /** Who asked for this work. */
  public RequestContext context() {
    return context;
  }

  /** What the task is for, in words. */
  public String purpose() {
    return purpose;
  }

  /**
   * The lock.
   *
   * @throws IllegalStateException when the task has none, or gave it away
   */
  public NodeLock lock() {
    if (lock == null || over) {
      throw new IllegalStateException(
          "'%s' of node %s needs the node's lock and does not hold it"
              .formatted(purpose, node.uuid()));
    }
    return lock;
  }

  /**
   * Changes the node and writes what differs.
   *
   * @throws IronicException LOCK_LOST when another conductor has taken over
   */
  public Node save(UnaryOperator<Node> change) {
    Node after = tasks.shorten(change.apply(node));
    return after.equals(node) ? node : store(after);
  }

  /** Stores the node as a user wants it: even a wish that changes nothing leaves its time. */
  Node saveWish(UnaryOperator<Node> change) {
    return store(tasks.shorten(change.apply(node)));
  }

  /** Moves the time of the node's last update, unless this task has done so or is over. */
  void touch() {
    if (exclusive() && !stored) {
      store(node);
    }
  }

  private Node store(Node after) {
    node = tasks.store().nodes().update(lock(), node, after);
    stored = true;
    return node;
  }

  /** Reads the node again. */
  public Node reload() {
    node = tasks.store().nodes().get(node.uuid());
    return node;
  }

  /** Moves the node on, without work to follow; a state of rest loses its target. */
  public Node transition(ProvisionEvent event) {
    return transition(event, null);
  }

  /**
   * Moves the node on.
   *
   * @param target where it is going instead of the usual; null for the usual
   */
  public Node transition(ProvisionEvent event, @Nullable ProvisionState target) {
    return save(current -> StateChange.plain(current, event, target));
  }

  /**
   * Adds to the node's history.
   *
   * @param eventType kind of event, for example {@code cleaning}
   * @param error whether it is a failure
   */
  public void history(String eventType, boolean error, String event) {
    if (!tasks.options().nodeHistory()) {
      return;
    }
    Instant since = node.provisionUpdatedAt();
    Instant now = tasks.clock().instant();
    ProvisionState target = node.targetProvisionState();
    tasks
        .store()
        .nodes()
        .addHistory(
            new HistoryEntry(
                0,
                UUID.randomUUID().toString(),
                null,
                null,
                node.id(),
                tasks.host(),
                eventType,
                error ? "ERROR" : "INFO",
                event,
                context.user(),
                context.project(),
                node.provisionState().wireName(),
                target == null ? null : target.wireName(),
                since == null ? null : Math.max(0, Duration.between(since, now).toSeconds())));
  }

  /** Records a failure: as the node's last error and in its history. */
  public void fail(String eventType, String error) {
    save(current -> current.with(b -> b.lastError(error)));
    history(eventType, true, error);
  }

  /**
   * Moves the lock to a worker. Afterwards this task can neither write nor release; the worker's
   * task is closed when the work ends. An exception that escapes becomes the last error, unless
   * there is one already.
   *
   * @param what the work in words, as in {@code Async execution of <what> failed}
   * @param work what to do
   * @throws IronicException NO_FREE_CONDUCTOR_WORKER
   */
  public void handOver(String what, Consumer<Task> work) {
    if (!tryHandOver(what, () -> true, (worker, ready) -> work.accept(worker))) {
      throw noWorker();
    }
  }

  /**
   * The same with something to be stored before. When all workers are busy, nothing of it is, and
   * the node says why nothing was done.
   *
   * @param first what this task stores, once a worker is sure
   * @param work what to do with what came of it
   * @throws IronicException NO_FREE_CONDUCTOR_WORKER
   */
  <R> void handOver(String what, Supplier<R> first, BiConsumer<Task, R> work) {
    if (!tryHandOver(what, first, work)) {
      String error =
          "No free conductor workers were available to do this; the node is as it was before.";
      save(current -> current.with(b -> b.lastError(error)));
      history("provisioning", true, error);
      throw noWorker();
    }
  }

  private <R> boolean tryHandOver(String what, Supplier<R> first, BiConsumer<Task, R> work) {
    Optional<Workers.Place> found = tasks.workers().reserve(Workers.Share.RESERVED);
    if (found.isEmpty()) {
      return false;
    }
    Workers.Place place = found.get();
    R ready;
    Task moved;
    try {
      ready = first.get();
      moved = new Task(tasks, context, purpose, lock(), node);
    } catch (RuntimeException | Error e) {
      place.giveBack();
      throw e;
    }
    place.start(what, () -> tasks.work(moved, what, worker -> work.accept(worker, ready)));
    over = true;
    return true;
  }

  private static IronicException noWorker() {
    return new IronicException(
        Fault.NO_FREE_CONDUCTOR_WORKER,
        "Requested action cannot be performed due to lack of free conductor workers.");
  }

  /** The drivers of this conductor. */
  public DriverRegistry drivers() {
    return tasks.drivers();
  }

  @Override
  public NodeInfo node() {
    return new NodeView(node, tasks.drivers());
  }

  @Override
  public boolean exclusive() {
    return lock != null && !over;
  }

  @Override
  public void requireOwner() {
    if (exclusive()) {
      tasks.locks().require(lock());
    }
  }

  @Override
  public List<PortInfo> ports() {
    return store().ports().list(Query.where("nodeId", node.id())).stream()
        .map(Views::port)
        .toList();
  }

  @Override
  public boolean addPort(String address) {
    lock();
    if (!store().ports().list(Query.where("address", address)).isEmpty()) {
      return false;
    }
    try {
      store().ports().insert(Port.draft(UUID.randomUUID().toString(), node, address));
      return true;
    } catch (IronicException e) {
      if (e.fault() == Fault.ALREADY_EXISTS) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public List<PortgroupInfo> portgroups() {
    return store().portgroups().list(Query.where("nodeId", node.id())).stream()
        .map(Views::portgroup)
        .toList();
  }

  @Override
  public List<BiosSettingInfo> biosSettings() {
    return store().nodes().biosSettings(node.id()).stream().map(Views::biosSetting).toList();
  }

  @Override
  public void update(Consumer<NodeUpdate> changes) {
    save(current -> NodeChange.apply(current, changes));
  }

  @Override
  public void saveBiosSettings(List<BiosSettingInfo> settings) {
    store()
        .nodes()
        .saveBiosSettings(
            lock(), settings.stream().map(info -> Views.biosSetting(node.id(), info)).toList());
  }

  @Override
  public void saveFirmwareComponents(List<FirmwareComponentInfo> components) {
    store()
        .nodes()
        .saveFirmware(
            lock(), components.stream().map(info -> Views.firmware(node.id(), info)).toList());
  }

  @Override
  public <T extends HardwareInterface> T driver(Class<T> type) {
    InterfaceKind kind =
        Arrays.stream(InterfaceKind.values())
            .filter(candidate -> candidate.type() == type)
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException(type + " is not one of the interface kinds"));
    return type.cast(driver(kind));
  }

  /** The node's implementation of a kind. */
  public HardwareInterface driver(InterfaceKind kind) {
    try {
      return tasks.drivers().resolve(node, kind);
    } catch (IronicException e) {
      throw DriverException.invalid(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void powerAction(PowerState target) {
    lock();
    tasks.hooks().powerAction(this, target);
  }

  @Override
  public void sleep(Duration duration) {
    try {
      tasks.sleeper().sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DriverException.failed("'%s' was interrupted".formatted(purpose), e);
    }
  }

  @Override
  public void progress(StepProgress progress) {
    tasks.hooks().progress(this, progress);
  }

  @Override
  public void resume() {
    tasks.hooks().resume(node.uuid());
  }

  @Override
  public void failFlow(String reason) {
    tasks.hooks().failFlow(node.uuid(), reason);
  }

  @Override
  public boolean withLock(String purpose, Consumer<NodeTask> work) {
    if (exclusive()) {
      work.accept(this);
      return true;
    }
    try (Task locked = tasks.exclusiveNow(context, node.uuid(), purpose)) {
      work.accept(locked);
      node = locked.node;
      return true;
    } catch (IronicException e) {
      if (e.fault() == Fault.NODE_LOCKED) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public @Nullable String requestId() {
    return context.requestId();
  }

  Store store() {
    return tasks.store();
  }

  /** Gives the lock back, unless it was handed over. */
  @Override
  public void close() {
    if (lock != null && !over) {
      over = true;
      tasks.release(lock);
    }
  }
}
