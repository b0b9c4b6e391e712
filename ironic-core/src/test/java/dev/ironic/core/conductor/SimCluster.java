package dev.ironic.core.conductor;

import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.routing.Rings;
import dev.ironic.core.routing.RoutingOptions;
import dev.ironic.core.store.DatabaseException;
import dev.ironic.core.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** The conductors of a world, and what befalls them. */
final class SimCluster {

  /** What a conductor does by itself, besides adoption: nothing that helps the test. */
  private static final IronicConfig CONFIG =
      Rig.config(
          Map.of(
              "sync_power_state_interval", "0",
              "power_failure_recovery_interval", "0",
              "node_history_cleanup_interval", "0",
              "conductor_cleanup_interval", "0",
              "graceful_shutdown_timeout", "5"));

  private static final int TROUBLES = 6;

  private final SimWorld world;
  private final Store store;
  private final boolean rich;
  private final SimMachines machines;
  private final Map<String, SimHost> hosts = new TreeMap<>();
  private int lives;
  private boolean troubled = true;

  /**
   * Creates one without conductors.
   *
   * @param rich whether ramdisks take time and report, deployments are aborted, and namesakes start
   */
  SimCluster(SimWorld world, Store store, boolean rich) {
    this.world = world;
    this.store = store;
    this.rich = rich;
    machines = new SimMachines(world, store, this);
  }

  boolean isRich() {
    return rich;
  }

  Optional<SimHost> host(String name) {
    return Optional.ofNullable(hosts.get(name));
  }

  SimMachines machines() {
    return machines;
  }

  /** Whether the network loses a message now. */
  boolean loses() {
    return troubled && world.random().nextInt(30) == 0;
  }

  boolean isTroubled() {
    return troubled;
  }

  /** Starts a conductor, in a thread of its own. */
  void boot(String name) {
    Duration skew = Duration.ofSeconds(world.random().nextInt(7200) - 3600);
    var host = new SimHost(world, name, ++lives, skew, store);
    if (!hosts.containsKey(name) || !hosts.get(name).isUp()) {
      hosts.put(name, host);
    }
    world.start("boot", host, () -> start(host));
  }

  /** A second one of the same name, as when somebody thinks that the first is gone. */
  void twin(String name) {
    Duration skew = Duration.ofSeconds(world.random().nextInt(7200) - 3600);
    var twin = new SimHost(world, name, ++lives, skew, store);
    world.start("boot twin", twin, () -> start(twin, false));
  }

  private void start(SimHost host) {
    start(host, true);
  }

  private void start(SimHost host, boolean insists) {
    while (true) {
      try {
        Store database = host.store();
        host.started(
            Conductor.builder()
                .onlyGivenDrivers()
                .drivers(machines.driver(host), new dev.ironic.driver.fake.FakeDriverPlugin())
                .store(database)
                .config(CONFIG)
                .host(host.name())
                .clock(host.clock())
                .steadyClock(world::now)
                .sleeper(world::sleep)
                .timers(host.timers())
                .threads(body -> world.thread("worker", host, body))
                .bells(world::bell)
                .random(new Random(world.random().nextLong()))
                .serves(
                    node ->
                        new Rings(database.conductors(), RoutingOptions.DEFAULT, host.clock())
                            .ownerOf(node)
                            .filter(host.name()::equals)
                            .isPresent())
                .start());
        world.note("is up");
        SimHost other = hosts.get(host.name());
        if (other == null || !other.isUp() || other.life() < host.life()) {
          hosts.put(host.name(), host);
        }
        return;
      } catch (DatabaseException | IllegalArgumentException e) {
        world.note("cannot start: " + e.getClass().getSimpleName());
        if (!insists && e instanceof IllegalArgumentException) {
          return;
        }
        pause(5);
      }
    }
  }

  private void pause(int seconds) {
    try {
      world.sleep(Duration.ofSeconds(seconds));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes trouble for a while; in the end all conductors run. */
  void trouble() {
    for (int i = 0; i < TROUBLES; i++) {
      pause(2 + world.random().nextInt(25));
      List<SimHost> all = new ArrayList<>(hosts.values());
      SimHost host = all.get(world.random().nextInt(all.size()));
      int span = 1 + world.random().nextInt(90);
      switch (world.random().nextInt(rich ? 6 : 5)) {
        case 0, 1 -> {
          world.note("crashes " + host.label());
          host.crash();
          pause(1 + world.random().nextInt(20));
          if (rich && world.random().nextInt(4) == 0) {
            twin(host.name());
            twin(host.name());
          } else {
            boot(host.name());
          }
        }
        case 2 -> {
          world.note("pauses %s for %d s".formatted(host.label(), span));
          host.pause(Duration.ofSeconds(span));
        }
        case 3 -> {
          world.note("cuts %s off for %d s".formatted(host.label(), span));
          host.cut(Duration.ofSeconds(span));
        }
        case 4 -> drain(host);
        default -> {
          if (host.isUp()) {
            world.note("pauses %s for %d s and starts another".formatted(host.label(), span));
            host.pause(Duration.ofSeconds(span));
            twin(host.name());
          }
        }
      }
    }
    troubled = false;
    world.note("makes no more trouble");
  }

  private void drain(SimHost host) {
    Conductor conductor = host.conductor();
    if (conductor == null || host.isDead() || !host.beginsToDrain()) {
      return;
    }
    world.note("drains " + host.label());
    world.start(
        "drain",
        host,
        () -> {
          conductor.drain();
          for (int i = 0; i < 100 && conductor.busyWorkers() > 0; i++) {
            pause(1);
          }
          if (conductor.busyWorkers() == 0) {
            conductor.close();
            world.note("has ended");
          }
          host.crash();
          boot(host.name());
        });
  }

  /** Conductors that are up. */
  long up() {
    return hosts.values().stream().filter(SimHost::isUp).count();
  }
}
