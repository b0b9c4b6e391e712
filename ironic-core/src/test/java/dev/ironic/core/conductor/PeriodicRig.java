package dev.ironic.core.conductor;

import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.events.Event;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.DatabaseUrl;
import dev.ironic.core.store.NodeLock;
import dev.ironic.core.store.SqlStore;
import dev.ironic.core.store.Store;
import dev.ironic.driver.InterfaceKind;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A conductor with {@link Watched} hardware, in time that stands, on nodes that are in whatever
 * state a test wants.
 */
final class PeriodicRig implements AutoCloseable {

  final ManualTime time = new ManualTime();
  final Watched watched = new Watched();
  final Store store = SqlStore.open(DatabaseUrl.parse("sqlite://"), time);
  final List<Event> events = new CopyOnWriteArrayList<>();
  private final Set<String> foreign = ConcurrentHashMap.newKeySet();
  private final Map<String, Map<String, String>> options = new HashMap<>();
  private @Nullable Runnable cacheCleanUp;
  private @Nullable Conductor conductor;

  PeriodicRig() {
    with("DEFAULT.enabled_hardware_types", "watched,fake-hardware");
    for (InterfaceKind kind : InterfaceKind.values()) {
      with("DEFAULT.enabled_%s_interfaces".formatted(kind.wireName()), "fake");
    }
    with("DEFAULT.enabled_network_interfaces", "none");
    with("DEFAULT.enabled_power_interfaces", "base,base-again,derived,both,fake");
    with("DEFAULT.enabled_management_interfaces", "fake,both");
    with("conductor.sync_power_state_interval", "0");
  }

  /** Sets an option, named as {@code group.option}, of the conductor to be started. */
  PeriodicRig with(String option, String value) {
    int dot = option.indexOf('.');
    options
        .computeIfAbsent(option.substring(0, dot), group -> new HashMap<>())
        .put(option.substring(dot + 1), value);
    return this;
  }

  PeriodicRig cacheCleanUp(Runnable action) {
    cacheCleanUp = action;
    return this;
  }

  /** The conductor, started at the first question. */
  Conductor conductor() {
    Conductor running = conductor;
    if (running == null) {
      ConductorBuilder builder =
          Conductor.builder()
              .store(store)
              .config(IronicConfig.of(options))
              .drivers(watched)
              .host("cond-1")
              .clock(time)
              .sleeper(time)
              .timers(time.timers())
              .serves(node -> !foreign.contains(node.uuid()))
              .events(events::add);
      if (cacheCleanUp != null) {
        builder.cacheCleanUp(cacheCleanUp);
      }
      running = builder.start();
      conductor = running;
    }
    return running;
  }

  /** The spacing of each periodic task. */
  Map<String, Duration> spacings() {
    var spacings = new TreeMap<String, Duration>();
    conductor().periodics().forEach(report -> spacings.put(report.name(), report.spacing()));
    return spacings;
  }

  PeriodicReport report(String task) {
    return conductor().periodics().stream()
        .filter(report -> report.name().equals(task))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no task %s in %s".formatted(task, spacings())));
  }

  /** Moves time, and waits until a task has ended one more round. */
  void round(String task, int seconds) {
    long before = report(task).runs();
    time.advance(Duration.ofSeconds(seconds));
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> report(task).runs() > before);
  }

  /** Moves time, and waits until all work has ended that began with it. */
  void pass(int seconds) {
    time.advance(Duration.ofSeconds(seconds));
    settle();
  }

  void settle() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> conductor().busyWorkers() == 0);
  }

  /** A node with the fields wanted, whatever the rules say. */
  Node node(UnaryOperator<Node> fields) {
    Node node =
        conductor()
            .service()
            .createNode(Rig.CONTEXT, Node.draft(UUID.randomUUID().toString(), "watched"));
    return change(node, fields);
  }

  Node node() {
    return node(UnaryOperator.identity());
  }

  Node nodeIn(ProvisionState state) {
    return node(n -> n.with(b -> b.provisionState(state)));
  }

  Node nodeWith(InterfaceKind kind, String name) {
    return node(n -> n.with(b -> b.interfaces(Map.of(kind, name))));
  }

  /** A node that another conductor serves. */
  Node foreign() {
    Node node = node();
    foreign.add(node.uuid());
    return node;
  }

  Node change(Node node, UnaryOperator<Node> fields) {
    NodeLock lock = store.nodes().reserve(node.uuid(), "test");
    try {
      Node current = store.nodes().get(node.uuid());
      return store.nodes().update(lock, current, fields.apply(current));
    } finally {
      store.nodes().release(lock);
    }
  }

  Node node(Node node) {
    return store.nodes().get(node.uuid());
  }

  @Override
  public void close() {
    if (conductor != null) {
      conductor.close();
    }
    store.close();
  }
}
