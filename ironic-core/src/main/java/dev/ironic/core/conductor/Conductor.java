package dev.ironic.core.conductor;

import dev.ironic.core.driver.DriverRegistry;
import dev.ironic.core.driver.DriverSources;
import dev.ironic.core.events.EventListener;
import dev.ironic.core.inspection.InspectionOptions;
import dev.ironic.core.inspection.Inspections;
import dev.ironic.core.inspection.rules.InspectionRules;
import dev.ironic.core.inspection.rules.RuleOptions;
import dev.ironic.core.model.FlowKind;
import dev.ironic.core.model.Node;
import dev.ironic.core.routing.Rings;
import dev.ironic.core.routing.RoutingOptions;
import dev.ironic.core.store.DatabaseUrl;
import dev.ironic.core.store.SqlStore;
import dev.ironic.core.store.Store;
import dev.ironic.driver.BmcCalls;
import dev.ironic.driver.DriverConfig;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.ImageService;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.Sleeper;
import dev.ironic.driver.StepProgress;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A conductor to embed: it works on nodes until it is closed. Any number of them run in a JVM.
 *
 * <pre>{@code
 * try (Conductor conductor = Conductor.builder().store(store).config(config).start()) {
 *   conductor.service().doNodeDeploy(context, uuid, false, null, null);
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class Conductor implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Conductor.class);

  private final Store store;
  private final boolean ownsStore;
  private final String host;
  private final DriverSources sources;
  private final ConductorOptions options;
  private final Workers workers;
  private final Timers timers;
  private final Periodics periodics;
  private final StepRunner steps;
  private final Draining draining;
  private final TaskManager tasks;
  private final DriverRegistry drivers;
  private final ConductorService service;
  private final Periodics signsOfLife;
  private final Membership membership;
  private boolean closed;

  Conductor(ConductorBuilder builder) {
    DriverConfig config = builder.config;
    options = ConductorOptions.from(config);
    host = builder.hostName();
    ownsStore = builder.store == null;
    store = builder.store == null ? openStore(config, builder.clock) : builder.store;
    sources = builder.sources;
    var context =
        new Context(
            config,
            builder.clock,
            builder.sleeper,
            builder.random,
            builder.images,
            new BmcGovernor(BmcOptions.from(config), builder.clock, builder.random),
            host);
    drivers = DriverRegistry.load(sources, context);
    workers =
        new Workers(
            options.workersPoolSize(), options.reservedWorkersPoolPercentage(), builder.threads);
    timers = builder.timers == null ? new ThreadTimers("conductor " + host) : builder.timers;
    periodics = new Periodics(timers, workers, builder.clock, builder.random);
    signsOfLife = new Periodics(timers, workers, builder.clock, builder.random);
    var lease =
        new Lease(options.heartbeatTimeout(), options.heartbeatInterval(), builder.steadyClock());
    var locks = new HeldLocks(lease, builder.sleeper);
    tasks =
        new TaskManager(
            store,
            drivers,
            workers,
            options,
            host,
            store.clock(),
            builder.sleeper,
            builder.bells,
            locks);
    membership =
        new Membership(
            store,
            options,
            host,
            drivers.hardwareTypeNames(),
            drivers.registrations(),
            Incarnation.ofThisProcess(host, builder.random),
            lease,
            locks,
            builder.sleeper);
    draining = new Draining(store, workers, periodics, membership, host);
    steps = new StepRunner(options.stepUnreachableTimeout());
    var actions = new PowerActions(tasks);
    var catalog = new StepCatalog(options);
    var inspections = new Inspections(store, InspectionOptions.from(config));
    var inspection =
        new InspectPlan(inspections, new InspectionRules(store, RuleOptions.from(config)));
    var engine =
        new FlowEngine(tasks, timers, steps, plans(catalog, inspection), draining::hasBegun);
    tasks.bind(new Hooks(tasks, engine, steps, actions));
    var limits = new Limits(store, options);
    var work = new NodeWork(tasks);
    var traits = new TraitOperations(work, store);
    var allocations =
        new AllocationOperations(
            work,
            store,
            workers,
            new AllocationCandidates(store, builder.random),
            builder.sleeper,
            options,
            host);
    var local =
        new LocalConductorService(
            new NodeOperations(
                work,
                store,
                drivers,
                config.flag("conductor", "allow_deleting_available_nodes", true)),
            new PowerRequests(tasks, actions),
            new HardwareOperations(work, builder.images),
            new Deployments(tasks, engine, catalog, limits),
            new Provisioning(tasks, engine, catalog, limits),
            new Rescues(
                tasks,
                engine,
                new PasswordHash(options.rescuePasswordHashAlgorithm(), builder.random)),
            new ValidateOperation(work, host),
            new VendorOperations(work, drivers, workers),
            new DriverOperations(drivers),
            new ConsoleOperations(work),
            new PortOperations(work, store),
            new VolumeOperations(work, store),
            new VifOperations(work),
            traits,
            allocations,
            new InspectionOperations(
                work,
                engine,
                inspection,
                inspections.options().discoveryDriver() != null,
                store.clock()),
            new Heartbeats(tasks, engine, builder.random),
            draining);
    service = DrainGate.before(local, draining, host);
    join();
    var rings = new Rings(store.conductors(), RoutingOptions.from(config), builder.clock);
    Predicate<Node> mine =
        builder.serves == null
            ? node -> rings.ownerOf(node).filter(host::equals).isPresent()
            : builder.serves;
    var watch = new Watch(tasks, engine, mine, this::id);
    var adoption =
        new Adoption(tasks, engine, actions, mine, () -> rings.fresh().hosts(), this::id);
    var sweep = new NodeSweep(workers, timers, periodics::isStopped);
    var powerSync = new PowerSync(tasks, actions, mine, sweep);
    var sensors =
        new Sensors(
            tasks,
            mine,
            sweep,
            SensorOptions.from(config),
            builder.events == null ? EventListener.from(config) : builder.events,
            new Figures(workers, periodics));
    adoption.recover(store.nodes().releaseAll(host));
    signsOfLife.always("keep-alive", options.heartbeatInterval(), this::keepAlive);
    signsOfLife.start();
    new ConductorTasks(
            options, tasks, watch, adoption, powerSync, allocations, sensors, builder.cacheCleanUp)
        .schedule(periodics);
    new DriverPeriodics(tasks, config, mine, sweep).schedule(periodics);
    periodics.start();
    allocations.resumeOwn();
    LOG.info("Conductor {} serves {}", host, drivers.hardwareTypeNames());
  }

  private void join() {
    try {
      membership.join();
    } catch (RuntimeException e) {
      timers.close();
      closeParts();
      throw e;
    }
  }

  private void keepAlive() {
    membership.keepAlive();
    if (membership.isReplaced()) {
      draining.begin();
    }
  }

  private static Store openStore(DriverConfig config, Clock clock) {
    String url = config.text("database", "connection").orElse("sqlite://");
    return SqlStore.openShared(DatabaseUrl.parse(url), clock);
  }

  private Map<FlowKind, FlowPlan> plans(StepCatalog catalog, InspectPlan inspection) {
    var plans = new EnumMap<FlowKind, FlowPlan>(FlowKind.class);
    var deploy = new DeployPlan(catalog, options, this::id);
    plans.put(FlowKind.VERIFY, new VerifyPlan(catalog));
    plans.put(FlowKind.DEPLOY, deploy);
    plans.put(FlowKind.REBUILD, deploy);
    plans.put(FlowKind.TEAR_DOWN, new TearDownPlan());
    plans.put(FlowKind.RESCUE, new RescuePlan());
    plans.put(FlowKind.UNRESCUE, new UnrescuePlan());
    plans.put(FlowKind.INSPECT, inspection);
    plans.put(FlowKind.ADOPT, new AdoptPlan(this::id));
    for (FlowKind kind :
        List.of(FlowKind.AUTOMATED_CLEAN, FlowKind.MANUAL_CLEAN, FlowKind.SERVICE)) {
      plans.put(kind, new CleanPlan(kind, catalog, options));
    }
    return plans;
  }

  /** Starts to describe a conductor. */
  public static ConductorBuilder builder() {
    return new ConductorBuilder();
  }

  /** What it does for others. */
  public ConductorService service() {
    return service;
  }

  /** Its host name: how nodes name it in {@code reservation}. */
  public String host() {
    return host;
  }

  /** Row number of its registration. */
  public long id() {
    return membership.id();
  }

  /**
   * Tells callers in other processes where its RPC is reached, until it has ended.
   *
   * @param rpcAddress for example {@code tcp://192.0.2.7:8089}, with the public key behind a {@code
   *     #} where it encrypts
   */
  public void advertise(String rpcAddress) {
    membership.advertise(rpcAddress);
  }

  /** How many pieces of work run at the moment. */
  public int busyWorkers() {
    return workers.busy();
  }

  /** How its periodic tasks have fared; those that are switched off are not among them. */
  public List<PeriodicReport> periodics() {
    return periodics.reports();
  }

  /** The drivers it offers. */
  public DriverRegistry drivers() {
    return drivers;
  }

  /** Its database. */
  public Store store() {
    return store;
  }

  /**
   * Gives its work away: no new work from now on, flows go on at other conductors after the step
   * that runs. Returns at once; {@link #close} is still to come.
   */
  public void drain() {
    draining.begin();
  }

  /**
   * Waits until this conductor was told to drain, by whomever, and has no work left; no longer than
   * configured (drain_shutdown_timeout) after it was told.
   *
   * @throws InterruptedException when the thread was interrupted before it was told
   */
  public void awaitDrained() throws InterruptedException {
    draining.awaitBegin();
    if (!draining.awaitEnd(options.drainShutdownTimeout())) {
      LOG.warn("{} pieces of work of conductor {} have not ended", workers.busy(), host);
    }
  }

  /**
   * Drains, for as long as configured (graceful_shutdown_timeout), and ends. What has not ended by
   * then goes on where it was when a conductor next looks at the node.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    draining.begin();
    if (!workers.drain(options.gracefulShutdownTimeout())) {
      LOG.info("{} pieces of work are cut short and left to the next start", workers.busy());
    }
    steps.stop();
    workers.close();
    signsOfLife.stop();
    timers.close();
    try {
      membership.retire();
    } catch (RuntimeException e) {
      LOG.warn("Conductor {} cannot tell that it has ended: {}", host, e.getMessage());
    }
    closeParts();
  }

  private void closeParts() {
    drivers.close();
    sources.close();
    if (ownsStore) {
      store.close();
    }
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

  private record Hooks(TaskManager tasks, FlowEngine engine, StepRunner steps, PowerActions actions)
      implements TaskHooks {

    @Override
    public void powerAction(Task task, PowerState target) {
      actions.switchTo(task, target, null);
    }

    @Override
    public void progress(Task task, StepProgress progress) {
      steps.progress(task, progress);
    }

    @Override
    public void resume(String nodeUuid) {
      engine.resume(nodeUuid, FlowEngine.Cause.REQUEST);
    }

    @Override
    public void failFlow(String nodeUuid, String reason) {
      tasks
          .workers()
          .start(
              Workers.Share.NORMAL,
              "fail flow",
              () -> {
                try (Task task = tasks.exclusive(Watch.context(), nodeUuid, "fail flow")) {
                  tasks.guarded(
                      task,
                      "fail flow",
                      held -> engine.fail(held, FlowPlan.Ending.FAILURE, reason));
                }
              });
    }
  }
}
