package dev.ironic.core.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.RequestContext;
import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.driver.DriverRegistry;
import dev.ironic.core.driver.DriverSources;
import dev.ironic.core.image.ImageStack;
import dev.ironic.core.inspection.InspectionOptions;
import dev.ironic.core.inspection.Inspections;
import dev.ironic.core.inspection.rules.InspectionRules;
import dev.ironic.core.inspection.rules.RuleOptions;
import dev.ironic.core.model.FlowKind;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.DatabaseUrl;
import dev.ironic.core.store.NodeLock;
import dev.ironic.core.store.SqlStore;
import dev.ironic.core.store.Store;
import dev.ironic.driver.BmcCalls;
import dev.ironic.driver.DriverConfig;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.ImageService;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.Sleeper;
import dev.ironic.driver.StepProgress;
import dev.ironic.driver.fake.FakeDriverPlugin;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;

/** The operations of a conductor on a real database, with fake hardware and time that stands. */
final class OperationsRig implements AutoCloseable {

  static final String HOST = "cond-1";

  private static final Set<InterfaceKind> SCRIPTED =
      EnumSet.of(
          InterfaceKind.MANAGEMENT,
          InterfaceKind.CONSOLE,
          InterfaceKind.INSPECT,
          InterfaceKind.VENDOR);

  final RequestContext context = RequestContext.internal("req-test");
  final Clock clock = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
  final ScriptedHardware hardware = new ScriptedHardware();
  final List<Duration> pauses = new CopyOnWriteArrayList<>();
  final Store store = SqlStore.open(DatabaseUrl.parse("sqlite://"), clock);
  final Workers workers;
  final Operations operations;
  private final Timers timers = new ThreadTimers("test");
  private volatile Runnable onPause = () -> {};
  private final ImageStack images;

  OperationsRig() {
    this(Map.of());
  }

  /**
   * Creates a rig.
   *
   * @param settings option by {@code group.option}
   */
  OperationsRig(Map<String, String> settings) {
    IronicConfig config = IronicConfig.of(settings(settings));
    Sleeper sleeper =
        pause -> {
          pauses.add(pause);
          onPause.run();
        };
    images = ImageStack.start(config, Path.of("target", "operations-rig"), Clock.systemUTC());
    var drivers =
        DriverRegistry.load(
            new DriverSources().plugin(new FakeDriverPlugin()).plugin(hardware),
            new Context(
                config,
                clock,
                sleeper,
                new Random(1),
                images.images(),
                new BmcGovernor(BmcOptions.from(config), clock, new Random(1)),
                HOST));
    ConductorOptions options = ConductorOptions.from(config);
    workers = new Workers(options.workersPoolSize(), options.reservedWorkersPoolPercentage());
    var lease = new Lease(Duration.ZERO, Duration.ZERO, clock);
    lease.renew(lease.now());
    var tasks =
        new TaskManager(
            store,
            drivers,
            workers,
            options,
            HOST,
            clock,
            sleeper,
            Bell::real,
            new HeldLocks(lease, sleeper));
    tasks.bind(new NoHooks());
    store
        .conductors()
        .register(HOST, "", drivers.hardwareTypeNames(), drivers.registrations(), "test");
    var inspection =
        new InspectPlan(
            new Inspections(store, InspectionOptions.from(config)),
            new InspectionRules(store, RuleOptions.from(config)));
    var engine =
        new FlowEngine(
            tasks,
            timers,
            new StepRunner(options.stepUnreachableTimeout()),
            Map.of(FlowKind.INSPECT, inspection),
            () -> false);
    operations = Operations.of(tasks, engine, inspection, config, new Random(1), images.images());
  }

  private static Map<String, Map<String, String>> settings(Map<String, String> given) {
    var groups = new HashMap<String, Map<String, String>>();
    var defaults = groups.computeIfAbsent("DEFAULT", group -> new HashMap<>());
    defaults.put("enabled_hardware_types", "fake-hardware,scripted-hardware");
    for (InterfaceKind kind : InterfaceKind.values()) {
      defaults.put("enabled_" + kind.wireName() + "_interfaces", "fake");
    }
    defaults.put("enabled_network_interfaces", "noop");
    for (InterfaceKind kind : SCRIPTED) {
      defaults.put("enabled_" + kind.wireName() + "_interfaces", "fake,scripted");
    }
    given.forEach(
        (name, value) -> {
          int dot = name.indexOf('.');
          groups
              .computeIfAbsent(name.substring(0, dot), group -> new HashMap<>())
              .put(name.substring(dot + 1), value);
        });
    return groups;
  }

  /** Creates a node and gives it the fields wanted, whatever the rules say. */
  Node node(UnaryOperator<Node> fields) {
    Node node = operations.nodes().create(Node.draft(uuid(), "fake-hardware"));
    return change(node, fields);
  }

  Node node() {
    return node(n -> n);
  }

  /** A node whose management, console, inspection and vendor interfaces are scripted. */
  Node scripted(UnaryOperator<Node> fields) {
    return node(
        n -> {
          var interfaces = new EnumMap<InterfaceKind, String>(n.interfaces());
          for (InterfaceKind kind : SCRIPTED) {
            interfaces.put(kind, "scripted");
          }
          return fields.apply(n.with(b -> b.interfaces(interfaces)));
        });
  }

  Node nodeIn(ProvisionState state) {
    return node(n -> n.with(b -> b.provisionState(state)));
  }

  /** A node that an allocation may get. */
  Node available(String name, String resourceClass) {
    return node(
        n ->
            n.with(
                b ->
                    b.name(name)
                        .resourceClass(resourceClass)
                        .powerState(PowerState.POWER_OFF)
                        .provisionState(ProvisionState.AVAILABLE)));
  }

  Node change(Node node, UnaryOperator<Node> fields) {
    NodeLock lock = store.nodes().reserve(node.uuid(), "test");
    try {
      Node current = store.nodes().get(node.uuid());
      store.nodes().update(lock, current, fields.apply(current));
    } finally {
      store.nodes().release(lock);
    }
    return reload(node);
  }

  Node reload(Node node) {
    return store.nodes().get(node.uuid());
  }

  /** Sends a change of a node as a user does. */
  Node update(Node node, UnaryOperator<Node> change) {
    return operations.nodes().update(context, node, change.apply(node), false);
  }

  /** From now on, this happens when something waits. */
  void onPause(Runnable action) {
    onPause = action;
  }

  /** Waits until all workers are done. */
  void settle() {
    Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> workers.busy() == 0);
  }

  static String uuid() {
    return UUID.randomUUID().toString();
  }

  static void assertFault(Fault fault, ThrowingCallable action) {
    assertThat(Assertions.catchThrowable(action))
        .isInstanceOfSatisfying(
            IronicException.class, e -> assertThat(e.fault()).as(e.getMessage()).isEqualTo(fault));
  }

  @Override
  public void close() {
    workers.close();
    timers.close();
    images.close();
    store.close();
  }

  private record Context(
      DriverConfig config,
      Clock clock,
      Sleeper sleeper,
      RandomGenerator random,
      ImageService images,
      BmcCalls bmcCalls,
      String conductorHost)
      implements DriverContext {}

  private static final class NoHooks implements TaskHooks {

    @Override
    public void powerAction(Task task, PowerState target) {
      throw new AssertionError("no operation of this test switches power");
    }

    @Override
    public void progress(Task task, StepProgress progress) {}

    @Override
    public void resume(String nodeUuid) {}

    @Override
    public void failFlow(String nodeUuid, String reason) {}
  }
}
