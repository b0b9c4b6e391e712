package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.routing.Rings;
import dev.ironic.core.routing.RoutingOptions;
import dev.ironic.core.store.Store;
import dev.ironic.driver.Heartbeat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Somebody who leads a node through its life, by way of an API that reaches the conductors. */
final class SimClient implements Runnable {

  private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(20);

  /** Reasons for which a request is made again. */
  private static final List<Fault> COME_BACK =
      List.of(
          Fault.NODE_LOCKED,
          Fault.NOT_TAKEN,
          Fault.TEMPORARY_FAILURE,
          Fault.NO_FREE_CONDUCTOR_WORKER,
          Fault.LOCK_LOST,
          Fault.NO_VALID_HOST);

  private final SimCluster cluster;
  private final SimWorld world;
  private final Store store;
  private final Rings rings;
  private final String uuid;
  private final String name;
  private String doing = "nothing";
  private boolean done;

  SimClient(SimCluster cluster, SimWorld world, Store store, String name) {
    this.cluster = cluster;
    this.world = world;
    this.store = store;
    this.name = name;
    uuid = new UUID(world.random().nextLong(), world.random().nextLong()).toString();
    rings = new Rings(store.conductors(), RoutingOptions.DEFAULT, world::now);
  }

  String uuid() {
    return uuid;
  }

  boolean isDone() {
    return done;
  }

  @Override
  public String toString() {
    return name + " at " + doing;
  }

  @Override
  public void run() {
    create();
    provision("manage", ProvisionState.MANAGEABLE);
    provision("provide", ProvisionState.AVAILABLE);
    int rounds = 1 + world.random().nextInt(2);
    for (int i = 0; i < rounds; i++) {
      switch (world.random().nextInt(cluster.isRich() ? 6 : 4)) {
        case 0 -> {
          provision("manage", ProvisionState.MANAGEABLE);
          if (cluster.isRich()) {
            clean();
          }
          provision("provide", ProvisionState.AVAILABLE);
        }
        case 1 -> power();
        case 4 -> abort();
        default -> {
          change(
              "deploy", ProvisionState.ACTIVE, s -> s.doNodeDeploy(ask(), uuid, false, null, null));
          if (cluster.isRich() && world.random().nextBoolean()) {
            rebuild();
          }
          change("tear down", ProvisionState.AVAILABLE, s -> s.doNodeTearDown(ask(), uuid));
        }
      }
    }
    doing = "rest";
    done = true;
  }

  private static RequestContext ask() {
    return RequestContext.internal("req-sim");
  }

  private void create() {
    doing = "create";
    Node draft = Node.draft(uuid, "scripted");
    while (store.nodes().find(uuid).isEmpty()) {
      try {
        call(draft, service -> service.createNode(ask(), draft));
      } catch (IronicException e) {
        if (e.fault() != Fault.ALREADY_EXISTS && !COME_BACK.contains(e.fault())) {
          throw e;
        }
      }
      pause(2);
    }
  }

  private void provision(String verb, ProvisionState goal) {
    change(verb, goal, service -> service.doProvisioningAction(ask(), uuid, verb));
  }

  private void change(String what, ProvisionState goal, Consumer<ConductorService> request) {
    doing = what;
    Node before = rest();
    while (before.provisionState() != goal) {
      if (before.provisionState() == ProvisionState.DEPLOY_FAILED && isExcused(before)) {
        // The one step that must not run twice was cut short; the operator begins anew.
        request(service -> service.doNodeTearDown(ask(), uuid));
        rest();
        if (goal == ProvisionState.ACTIVE) {
          return;
        }
      } else {
        request(request);
      }
      Node after = rest();
      boolean failed =
          after.provisionState() != goal
              && !after.provisionState().equals(before.provisionState())
              && !(after.provisionState() == ProvisionState.DEPLOY_FAILED && isExcused(after));
      if (failed) {
        throw new AssertionError(
            "%s of node %s ended in %s: %s"
                .formatted(what, uuid, after.provisionState(), after.lastError()));
      }
      before = after;
    }
  }

  private static boolean isExcused(Node node) {
    String error = node.lastError();
    return error != null && error.contains("must not run twice");
  }

  private void power() {
    doing = "power";
    String target = List.of("power on", "power off", "rebooting").get(world.random().nextInt(3));
    request(service -> service.changeNodePowerState(ask(), uuid, target, null));
    rest();
  }

  private void clean() {
    doing = "clean";
    List<Map<String, @Nullable Object>> steps =
        List.of(Map.of("interface", "deploy", "step", "erase"));
    request(service -> service.doNodeClean(ask(), uuid, steps, false));
    expect(ProvisionState.MANAGEABLE);
  }

  private void rebuild() {
    if (store.nodes().get(uuid).provisionState() != ProvisionState.ACTIVE) {
      return;
    }
    doing = "rebuild";
    request(service -> service.doNodeDeploy(ask(), uuid, true, null, null));
    Node after = rest();
    if (after.provisionState() != ProvisionState.ACTIVE && !isExcused(after)) {
      throw unexpected(after);
    }
  }

  /** Wants a deployment no more while the ramdisk boots. */
  private void abort() {
    doing = "deploy to abort";
    request(service -> service.doNodeDeploy(ask(), uuid, false, null, null));
    while (true) {
      Node node = store.nodes().get(uuid);
      if (node.provisionState() == ProvisionState.WAIT_CALL_BACK) {
        break;
      }
      if (isResting(node) && node.provisionState() != ProvisionState.AVAILABLE) {
        break;
      }
      pause(1);
    }
    doing = "abort";
    try {
      request(service -> service.doProvisioningAction(ask(), uuid, "abort"));
    } finally {
      Node after = rest();
      boolean aborted =
          after.provisionState() == ProvisionState.DEPLOY_FAILED
              && (isExcused(after) || String.valueOf(after.lastError()).contains("By request"));
      if (!aborted && after.provisionState() != ProvisionState.ACTIVE) {
        throw unexpected(after);
      }
    }
    change("tear down", ProvisionState.AVAILABLE, s -> s.doNodeTearDown(ask(), uuid));
  }

  private void expect(ProvisionState state) {
    Node after = rest();
    if (after.provisionState() != state) {
      throw unexpected(after);
    }
  }

  private AssertionError unexpected(Node node) {
    return new AssertionError(
        "%s of node %s ended in %s: %s"
            .formatted(doing, uuid, node.provisionState(), node.lastError()));
  }

  /** The agent on the machine: it reports while it is waited for. */
  void agent() {
    while (!done) {
      pause(8);
      store
          .nodes()
          .find(uuid)
          .filter(node -> node.provisionState().is(ProvisionState.Trait.HEARTBEAT))
          .filter(node -> cluster.machines().agentRuns(uuid))
          .ifPresent(this::report);
    }
  }

  private void report(Node node) {
    Object token = node.driverInternalInfo().get(AgentKeys.TOKEN);
    try {
      if (token == null) {
        call(node, service -> service.nodeWithToken(ask(), uuid));
      } else {
        call(
            node,
            service ->
                service.heartbeat(
                    ask(),
                    uuid,
                    new Heartbeat("http://192.0.2.1:9999", "9.1.0", null, null, null),
                    token.toString()));
      }
    } catch (IronicException e) {
      world.note("is not heard: " + e.fault());
    }
  }

  /** Asks until the request was accepted, or may have been. */
  private void request(Consumer<ConductorService> request) {
    for (int attempt = 0; attempt < 1000; attempt++) {
      try {
        call(store.nodes().get(uuid), request);
        return;
      } catch (IronicException e) {
        if (e.fault() == Fault.INVALID_STATE || e.fault() == Fault.INVALID_STATE_REQUESTED) {
          // An earlier attempt whose answer was lost did it.
          return;
        }
        if (!COME_BACK.contains(e.fault())) {
          throw e;
        }
      }
      pause(3);
    }
    throw new AssertionError("No conductor took '%s' of node %s".formatted(doing, uuid));
  }

  /** Waits until nobody works on the node. */
  private Node rest() {
    while (true) {
      pause(2);
      Node node = store.nodes().get(uuid);
      if (isResting(node)) {
        return node;
      }
    }
  }

  private static boolean isResting(Node node) {
    return (node.provisionState().kind() == ProvisionState.Kind.STABLE
            || node.provisionState().is(ProvisionState.Trait.FAILURE))
        && node.reservation() == null
        && node.targetPowerState() == null;
  }

  private void pause(int seconds) {
    try {
      world.sleep(Duration.ofMillis(1000L * seconds + world.random().nextInt(1000)));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Over a network that delays, and loses requests and answers. */
  private void call(Node node, Consumer<ConductorService> request) {
    Optional<SimHost> owner = rings.ownerOf(node).flatMap(cluster::host);
    if (owner.isEmpty()) {
      rings.fresh();
      throw new IronicException(Fault.NOT_TAKEN, "There is no such conductor");
    }
    SimHost host = owner.get();
    Conductor conductor = host.conductor();
    delay();
    if (conductor == null || !host.isUp()) {
      rings.fresh();
      throw new IronicException(Fault.NOT_TAKEN, "The conductor cannot be reached");
    }
    var outcome = new AtomicReference<@Nullable Object>();
    boolean arrives = !cluster.loses();
    if (arrives) {
      world.start("call", host, () -> outcome.set(outcomeOf(conductor, request)));
    }
    boolean heard = !cluster.loses();
    for (Duration waited = Duration.ZERO;
        waited.compareTo(ANSWER_PATIENCE) < 0;
        waited = waited.plusSeconds(1)) {
      if (heard && outcome.get() != null) {
        delay();
        if (outcome.get() instanceof IronicException refused) {
          throw refused;
        }
        return;
      }
      pause(0);
    }
    // A conductor that was paused in the midst of it may finish it much later; who repeats the
    // request before that is clear gets it twice, here as anywhere.
    while (arrives && outcome.get() == null && !host.isDead()) {
      pause(1);
    }
    throw new IronicException(Fault.TEMPORARY_FAILURE, "No answer in time");
  }

  private static Object outcomeOf(Conductor conductor, Consumer<ConductorService> request) {
    try {
      request.accept(conductor.service());
      return "done";
    } catch (IronicException e) {
      return e;
    } catch (dev.ironic.core.store.DatabaseException e) {
      return new IronicException(Fault.TEMPORARY_FAILURE, "The database is away");
    }
  }

  private void delay() {
    try {
      world.sleep(Duration.ofMillis(1 + world.random().nextInt(50)));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
