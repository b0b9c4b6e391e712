package dev.ironic.core.conductor;

import dev.ironic.core.RequestContext;
import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.model.Flow;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.DatabaseUrl;
import dev.ironic.core.store.SqlStore;
import dev.ironic.core.store.Store;
import dev.ironic.driver.Heartbeat;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** A conductor with scripted hardware on a real database, in time that stands. */
final class Rig implements AutoCloseable {

  static final RequestContext CONTEXT =
      new RequestContext("req-test", "ada", "engines", List.of(), null, null);

  final ManualTime time = new ManualTime();
  final Script script = new Script();
  final Store store = SqlStore.open(DatabaseUrl.parse("sqlite://"), time);
  private final Map<String, String> conductorOptions = new HashMap<>();
  private @Nullable Conductor conductor;

  /** Sets an option of the group [conductor] for conductors started from now on. */
  Rig with(String option, String value) {
    conductorOptions.put(option, value);
    return this;
  }

  Conductor start(String host, Store database) {
    return builder(host, database).start();
  }

  ConductorBuilder builder(String host, Store database) {
    return Conductor.builder()
        .store(database)
        .config(config())
        .drivers(new ScriptedDriver(script))
        .host(host)
        .clock(time)
        .sleeper(time)
        .timers(time.timers());
  }

  private IronicConfig config() {
    return config(conductorOptions);
  }

  static IronicConfig config(Map<String, String> conductorOptions) {
    var defaults = new HashMap<String, String>();
    defaults.put("enabled_hardware_types", "scripted,fake-hardware");
    for (String kind :
        new String[] {
          "bios",
          "boot",
          "console",
          "firmware",
          "inspect",
          "management",
          "raid",
          "rescue",
          "storage",
          "vendor"
        }) {
      defaults.put("enabled_" + kind + "_interfaces", "fake");
      defaults.put("default_" + kind + "_interface", "fake");
    }
    defaults.put("enabled_power_interfaces", "scripted,fake");
    defaults.put("enabled_deploy_interfaces", "scripted,fake");
    defaults.put("enabled_network_interfaces", "scripted");
    defaults.put("default_network_interface", "scripted");
    var options = new HashMap<>(conductorOptions);
    options.putIfAbsent("graceful_shutdown_timeout", "5");
    return IronicConfig.of(
        Map.of("DEFAULT", defaults, "conductor", options, "agent", Map.of("require_tls", "false")));
  }

  Conductor conductor() {
    Conductor running = conductor;
    if (running == null) {
      running = start("cond-1", store);
      conductor = running;
    }
    return running;
  }

  ConductorService service() {
    return conductor().service();
  }

  /** Ends the conductor, so that the next use starts another one. */
  void restart() {
    Conductor running = conductor;
    conductor = null;
    if (running != null) {
      running.close();
    }
  }

  Node create() {
    return create("scripted", UnaryOperator.identity());
  }

  Node create(String driver, UnaryOperator<Node> change) {
    return service()
        .createNode(CONTEXT, change.apply(Node.draft(UUID.randomUUID().toString(), driver)));
  }

  /** A node in a state of rest, got there by its verbs. */
  Node createIn(ProvisionState state) {
    Node node = create();
    act(node, "manage");
    awaitState(node, ProvisionState.MANAGEABLE);
    if (state != ProvisionState.MANAGEABLE) {
      act(node, "provide");
      awaitState(node, ProvisionState.AVAILABLE);
    }
    if (state == ProvisionState.ACTIVE) {
      deploy(node);
      awaitState(node, ProvisionState.ACTIVE);
    }
    script.forgetCalls();
    return node(node);
  }

  void act(Node node, String verb) {
    service().doProvisioningAction(CONTEXT, node.uuid(), verb);
  }

  void deploy(Node node) {
    service().doNodeDeploy(CONTEXT, node.uuid(), false, null, null);
  }

  /** What an agent does when it comes up: look up, then report. */
  void heartbeat(Node node) {
    service().nodeWithToken(CONTEXT, node.uuid());
    Object token = node(node).driverInternalInfo().get("agent_secret_token");
    service()
        .heartbeat(
            CONTEXT,
            node.uuid(),
            new Heartbeat("http://192.0.2.1:9999", "9.1.0", null, null, null),
            String.valueOf(token));
  }

  Node node(Node node) {
    return store.nodes().get(node.uuid());
  }

  Flow flow(Node node) {
    return store.flows().ofNode(node.id(), 1).getFirst();
  }

  Node awaitState(Node node, ProvisionState state) {
    return await(node, now -> now.provisionState() == state && now.reservation() == null);
  }

  Node await(Node node, Predicate<Node> condition) {
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> condition.test(node(node)));
    } catch (ConditionTimeoutException e) {
      Node now = node(node);
      throw new AssertionError(
          "node is %s, lock %s, error %s, flow %s, calls %s"
              .formatted(
                  now.provisionState(),
                  now.reservation(),
                  now.lastError(),
                  store.flows().ofNode(node.id(), 1),
                  script.calls()),
          e);
    }
    return node(node);
  }

  @Override
  public void close() {
    restart();
    store.close();
  }
}
