package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.ConductorRecord;
import dev.ironic.core.model.Flow;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.model.ProvisionState.Trait;
import dev.ironic.core.store.NodeLock;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Query.Filter;
import dev.ironic.driver.ConsoleInterface;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on with work that nobody does: of conductors that died, that gave it away, or that served
 * the node before. Each round is cheap when there is nothing to adopt. Thread-safe; rounds do not
 * overlap.
 */
final class Adoption {

  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

  private final TaskManager tasks;
  private final FlowEngine engine;
  private final PowerActions power;
  private final Predicate<Node> mine;
  private final Supplier<List<String>> conductors;
  private final LongSupplier conductorId;
  private List<String> knownConductors = List.of();
  private Set<String> kept = Set.of();
  private boolean moving;
  private final AtomicBoolean looking = new AtomicBoolean();

  /**
   * Creates it.
   *
   * @param mine whether a node is this conductor's to look after
   * @param conductors asks the database who lives; {@code mine} answers by that from then on
   */
  Adoption(
      TaskManager tasks,
      FlowEngine engine,
      PowerActions power,
      Predicate<Node> mine,
      Supplier<List<String>> conductors,
      LongSupplier conductorId) {
    this.tasks = tasks;
    this.engine = engine;
    this.power = power;
    this.mine = mine;
    this.conductors = conductors;
    this.conductorId = conductorId;
  }

  /** Goes on with what this conductor's former life left behind; before the first round. */
  void recover(List<String> freed) {
    if (!freed.isEmpty()) {
      LOG.info("{} nodes were left locked by this conductor's former life", freed.size());
    }
    knownConductors = conductors.get();
    moving = true;
    goOnWithPower();
    goOnWithFlows();
    goOnWithWaiting(true);
  }

  /** Looks for nodes that wait for somebody to go on; not while somebody looks already. */
  void round() {
    alone(this::look);
  }

  private void alone(Runnable work) {
    if (looking.compareAndSet(false, true)) {
      try {
        work.run();
      } finally {
        looking.set(false);
      }
    }
  }

  private void look() {
    List<String> now = conductors.get();
    boolean changed = !now.equals(knownConductors);
    if (changed) {
      LOG.info("The conductors are {} now", now);
      knownConductors = now;
    }
    freeStrays();
    adoptOrphans();
    goOnWithPower();
    goOnWithFlows();
    if (changed) {
      goOnWithWaiting(true);
    }
    if (changed || moving) {
      move();
    }
  }

  /** A task that could not give its lock back, since the database was away, has left it behind. */
  private void freeStrays() {
    for (NodeLock lock : tasks.locks().strays(tasks.store().nodes().heldBy(tasks.host()))) {
      seize(lock.nodeUuid(), tasks.host());
    }
  }

  /** Child nodes keep their locks until their conductor comes back or is removed, as in Ironic. */
  private void adoptOrphans() {
    for (ConductorRecord dead :
        tasks.store().conductors().offline(tasks.options().heartbeatTimeout())) {
      if (!dead.hostname().equals(tasks.host())) {
        Query held =
            Query.where("reservation", dead.hostname()).and(new Filter.IsNull("parentNode", true));
        tasks.store().nodes().list(held).stream()
            .filter(mine)
            .forEach(node -> seize(node.uuid(), dead.hostname()));
      }
    }
  }

  private void seize(String uuid, String dead) {
    NodeLock lock;
    try {
      lock =
          tasks.store().nodes().seize(uuid, dead, tasks.host(), tasks.options().heartbeatTimeout());
    } catch (IronicException e) {
      if (e.fault() == Fault.NODE_LOCKED || e.fault() == Fault.NODE_NOT_FOUND) {
        return;
      }
      throw e;
    }
    LOG.warn("Node {} is taken over from conductor {}, which does not work on it", uuid, dead);
    tasks.store().nodes().release(lock);
    // At once, and not when all others have been taken over, too.
    engine.resume(uuid, FlowEngine.Cause.RECOVERY);
  }

  /** Power is being switched, but nobody has the lock: its conductor is gone. */
  private void goOnWithPower() {
    Query abandoned =
        Query.ALL
            .and(new Filter.IsNull("targetPowerState", false))
            .and(new Filter.IsNull("reservation", true));
    for (Node node : tasks.store().nodes().list(abandoned)) {
      if (mine.test(node)) {
        inBackground(node.uuid(), "power action", power::goOn);
      }
    }
  }

  /** Flows at work without anybody's lock, and nodes at work without a flow, which fail. */
  private void goOnWithFlows() {
    for (String uuid : tasks.store().flows().idleNodes(Flow.State.RUNNING)) {
      tasks
          .store()
          .nodes()
          .find(uuid)
          .filter(node -> node.reservation() == null && mine.test(node))
          .ifPresent(node -> engine.resume(uuid, FlowEngine.Cause.RECOVERY));
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

  /** Waiting flows that poll, of which this conductor does not think itself. */
  void goOnWithWaiting() {
    goOnWithWaiting(false);
  }

  /**
   * Waiting flows lost the one who polls with their conductor.
   *
   * @param all also those whose agent can be asked what it did meanwhile
   */
  private void goOnWithWaiting(boolean all) {
    for (String uuid : tasks.store().flows().idleNodes(Flow.State.WAITING)) {
      if (!engine.polls(uuid)) {
        tasks
            .store()
            .nodes()
            .find(uuid)
            .filter(mine)
            .filter(node -> canTell(node, all))
            .ifPresent(node -> engine.resume(uuid, FlowEngine.Cause.RECOVERY));
      }
    }
  }

  private boolean canTell(Node node, boolean all) {
    return tasks
        .store()
        .flows()
        .living(node.id())
        .filter(
            flow -> all ? FlowEngine.canTellByItself(flow, node) : FlowEngine.wantsToBePolled(flow))
        .isPresent();
  }

  /** Builds up what nodes need here that another conductor served, and removes the reverse. */
  void takeOverMoved() {
    alone(this::move);
  }

  private void move() {
    long self = conductorId.getAsLong();
    Query active =
        Query.where("provisionState", ProvisionState.ACTIVE)
            .and(new Filter.IsNull("parentNode", true));
    var keeping = new HashSet<String>();
    int started = 0;
    moving = false;
    for (Node node : tasks.store().nodes().list(active)) {
      Long affinity = node.conductorAffinity();
      if (affinity != null && affinity == self) {
        keeping.add(node.uuid());
        continue;
      }
      if (affinity != null && kept.contains(node.uuid()) && !mine.test(node)) {
        giveUp(node);
      } else if (node.reservation() == null && !node.maintenance() && mine.test(node)) {
        if (started >= tasks.options().periodicMaxWorkers()) {
          moving = true;
        } else {
          started++;
          inBackground(node.uuid(), "take-over", this::takeOver);
        }
      }
    }
    kept = keeping;
  }

  private void takeOver(Task task) {
    if (task.model().provisionState() != ProvisionState.ACTIVE) {
      return;
    }
    task.deploy().prepare(task);
    task.deploy().takeOver(task);
    if (task.model().consoleEnabled()) {
      task.driver(ConsoleInterface.class).startConsole(task);
    }
    task.save(node -> node.with(b -> b.conductorAffinity(conductorId.getAsLong())));
    task.history("takeover", false, "Node taken over by conductor " + tasks.host());
  }

  /** Another conductor has taken over; its machine is not touched any more. */
  private void giveUp(Node node) {
    try (Task task = tasks.shared(Watch.context(), node.uuid(), "giving up")) {
      task.deploy().giveUp(task);
      LOG.info("Node {} is served by another conductor now", node.uuid());
    } catch (RuntimeException e) {
      LOG.warn("What is left here of node {} stays: {}", node.uuid(), e.getMessage());
    }
  }

  private void inBackground(String uuid, String what, Consumer<Task> work) {
    tasks.inBackground(uuid, what, work);
  }
}
