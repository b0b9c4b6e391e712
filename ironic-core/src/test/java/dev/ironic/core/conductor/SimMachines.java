package dev.ironic.core.conductor;

import dev.ironic.core.driver.NoNetwork;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.Store;
import dev.ironic.driver.AbstractHardwareType;
import dev.ironic.driver.DeployInterface;
import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.InterfaceProvider;
import dev.ironic.driver.NetworkInterface;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.PowerInterface;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.StepResult;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The machines of the world, and who may command them. */
final class SimMachines {

  private static final class Machine {
    private PowerState power = PowerState.POWER_OFF;
    private @Nullable Instant written;
    private @Nullable Instant agentAt;
    private int flashes;
  }

  private final SimWorld world;
  private final Store store;
  private final SimCluster cluster;
  private final Map<String, Machine> machines = new HashMap<>();

  SimMachines(SimWorld world, Store store, SimCluster cluster) {
    this.world = world;
    this.store = store;
    this.cluster = cluster;
  }

  private Machine of(NodeTask task) {
    return machines.computeIfAbsent(task.node().uuid(), uuid -> new Machine());
  }

  /** The driver as a conductor has it. */
  DriverPlugin driver(SimHost host) {
    var script = new Script();
    script.on("prepare", task -> prepare(host, task));
    script.on("flash", task -> flash(host, task));
    script.on("write", task -> write(host, task));
    script.on("probe write", task -> probeWrite(host, task));
    for (String plain : List.of("deploy", "erase", "scrub", "tearDown", "prepareSteps")) {
      script.on(plain, task -> plain(host, task, plain));
    }
    if (cluster.isRich()) {
      for (String boot : List.of("deploy", "prepareSteps")) {
        script.on(boot, task -> boot(host, task, boot));
      }
      for (String probe : List.of("probe deploy", "agentReady")) {
        script.on(probe, this::probeAgent);
      }
    }
    return new Plugin(script, host);
  }

  /**
   * A command reaches a machine. Between the conductor's last question whether the node is its own
   * and the effect nothing else happens; so the database must agree.
   */
  private void command(SimHost host, NodeTask task, String what) {
    world.step("is about to " + what);
    if (cluster.isTroubled() && world.random().nextInt(cluster.isRich() ? 8 : 15) == 0) {
      // The worst moment: the next owner may be at work when this one goes on.
      Duration span = Duration.ofSeconds(15 + world.random().nextInt(120));
      if (cluster.isRich() && world.random().nextInt(3) == 0) {
        cluster.twin(host.name());
      }
      world.note("pauses for %d s before it".formatted(span.toSeconds()));
      host.pause(span);
      world.step("goes on to " + what);
    }
    task.requireOwner();
    Node row = store.nodes().get(task.node().uuid());
    world.note(what);
    // Two processes of one name are told apart by the number of the lock alone.
    long fence = ((Task) task).lock().fence();
    if (fence != row.fence()) {
      throw lost(
          "%s commands '%s' by lock number %d, but the node is at %d"
              .formatted(host.label(), what, fence, row.fence()));
    }
    if (!host.name().equals(row.reservation())) {
      throw lost(
          "%s commands '%s', but the node belongs to %s"
              .formatted(host.label(), what, row.reservation()));
    }
  }

  private AssertionError lost(String what) {
    var error = new AssertionError(what);
    world.fail(error);
    return error;
  }

  private void takeTime(NodeTask task) {
    task.sleep(Duration.ofMillis(100 + world.random().nextInt(3000)));
  }

  /** Whether a machine has booted the ramdisk. */
  boolean agentRuns(String uuid) {
    Machine machine = machines.get(uuid);
    return machine != null && machine.agentAt != null && !world.now().isBefore(machine.agentAt);
  }

  private StepResult probeAgent(NodeTask task) {
    return agentRuns(task.node().uuid()) ? StepResult.done() : StepResult.waiting();
  }

  /** Boots the ramdisk, whose agent reports after a while. */
  private StepResult boot(SimHost host, NodeTask task, String what) {
    command(host, task, what);
    of(task).agentAt = null;
    takeTime(task);
    of(task).agentAt = world.now().plusSeconds(5 + world.random().nextInt(20));
    return StepResult.waiting();
  }

  private StepResult plain(SimHost host, NodeTask task, String what) {
    command(host, task, what);
    takeTime(task);
    return StepResult.done();
  }

  private StepResult prepare(SimHost host, NodeTask task) {
    Machine machine = of(task);
    command(host, task, "prepare");
    Node row = store.nodes().get(task.node().uuid());
    if (row.provisionState() == ProvisionState.DEPLOYING) {
      machine.written = null;
      machine.flashes = 0;
    }
    return StepResult.done();
  }

  private StepResult flash(SimHost host, NodeTask task) {
    command(host, task, "flash");
    if (++of(task).flashes > 1) {
      throw lost("The step that must not run twice did so");
    }
    takeTime(task);
    return StepResult.done();
  }

  private StepResult write(SimHost host, NodeTask task) {
    command(host, task, "write");
    of(task).written = world.now().plusSeconds(20);
    return StepResult.pollAfter(Duration.ofSeconds(5), null);
  }

  private StepResult probeWrite(SimHost host, NodeTask task) {
    Instant written = of(task).written;
    if (written == null) {
      return write(host, task);
    }
    return world.now().isBefore(written)
        ? StepResult.pollAfter(Duration.ofSeconds(5), null)
        : StepResult.done();
  }

  private final class Plugin implements DriverPlugin {
    private final Script script;
    private final SimHost host;

    Plugin(Script script, SimHost host) {
      this.script = script;
      this.host = host;
    }

    @Override
    public List<AbstractHardwareType> hardwareTypes() {
      return List.of(new ScriptedDriver.Type());
    }

    @Override
    public List<InterfaceProvider<?>> interfaces() {
      return List.of(
          new InterfaceProvider<PowerInterface>(
              InterfaceKind.POWER, "scripted", context -> new Power(host)),
          new InterfaceProvider<DeployInterface>(
              InterfaceKind.DEPLOY, "scripted", context -> new ScriptedDriver.Deploy(script)),
          new InterfaceProvider<NetworkInterface>(
              InterfaceKind.NETWORK, "scripted", context -> new NoNetwork()));
    }
  }

  /** Power of the machines. */
  public final class Power implements PowerInterface {

    private final SimHost host;

    Power(SimHost host) {
      this.host = host;
    }

    @Override
    public Map<String, String> properties() {
      return Map.of();
    }

    @Override
    public void validate(NodeTask task) {}

    @Override
    public @Nullable PowerState powerState(NodeTask task) {
      return of(task).power;
    }

    @Override
    public void setPowerState(NodeTask task, PowerState target, @Nullable Duration timeout) {
      command(host, task, target.wireName());
      takeTime(task);
      of(task).power = target.settled();
    }

    @Override
    public void reboot(NodeTask task, @Nullable Duration timeout) {
      command(host, task, "reboot");
      of(task).power = PowerState.POWER_ON;
    }
  }
}
