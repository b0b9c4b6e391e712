package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.conductor.Conductor;
import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.routing.LocalLocator;
import dev.ironic.core.store.DatabaseUrl;
import dev.ironic.core.store.SqlStore;
import dev.ironic.core.store.Store;
import dev.ironic.driver.fake.FakeDriverPlugin;
import dev.ironic.driver.generic.GenericDriverPlugin;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The API on a port, with SQLite in a file and a conductor that has fake hardware. Each rig is a
 * service of its own.
 */
final class ApiRig implements AutoCloseable {

  /** The newest version. */
  static final String LATEST = "1.115";

  static final String HOST = "conductor-1";

  private final Store store;
  private final Conductor conductor;
  private final ApiServer server;
  private final Wire wire;
  private final AtomicInteger counter = new AtomicInteger();

  /**
   * Starts it.
   *
   * @param folder for the database
   * @param options settings beside the usual ones, as {@code group.option}
   */
  ApiRig(Path folder, Map<String, String> options) {
    var values = new LinkedHashMap<String, Map<String, String>>();
    var all = new LinkedHashMap<String, String>();
    all.put("DEFAULT.auth_strategy", "noauth");
    all.put("DEFAULT.host", HOST);
    all.put("DEFAULT.enabled_hardware_types", "fake-hardware");
    for (String kind :
        "bios boot console deploy firmware inspect management power raid rescue vendor"
            .split(" ")) {
      all.put("DEFAULT.enabled_" + kind + "_interfaces", "fake");
    }
    all.put("DEFAULT.enabled_network_interfaces", "noop");
    all.put("DEFAULT.enabled_storage_interfaces", "noop,fake");
    all.put("api.host_ip", "127.0.0.1");
    all.put("api.port", "0");
    all.putAll(options);
    all.forEach(
        (name, value) -> {
          String[] parts = name.split("\\.", 2);
          values.computeIfAbsent(parts[0], g -> new LinkedHashMap<>()).put(parts[1], value);
        });
    IronicConfig config = IronicConfig.of(values);
    Clock clock = Clock.systemUTC();
    store = SqlStore.open(DatabaseUrl.parse("sqlite:///" + folder.resolve("ironic.sqlite")), clock);
    conductor =
        Conductor.builder()
            .config(config)
            .store(store)
            .clock(clock)
            .host(HOST)
            .drivers(new FakeDriverPlugin(), new GenericDriverPlugin())
            .onlyGivenDrivers()
            .start();
    server =
        ApiServer.start(
            store,
            new LocalLocator(
                HOST, "", Set.copyOf(conductor.drivers().hardwareTypeNames()), conductor.service()),
            config,
            clock);
    wire = new Wire(server.port());
  }

  ApiRig(Path folder) {
    this(folder, Map.of());
  }

  Store store() {
    return store;
  }

  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  /** A connection of one's own. */
  Wire connect() {
    return new Wire(server.port());
  }

  /** Sends a request with the headers given and no others of the service. */
  Reply raw(String method, String target, Map<String, String> headers, @Nullable String body) {
    return wire.send(
        method, target, headers, body == null ? null : body.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends a request at a version. */
  Reply at(String version, String method, String target, @Nullable String body) {
    return raw(method, target, Map.of("X-OpenStack-Ironic-API-Version", version), body);
  }

  Reply get(String target) {
    return at(LATEST, "GET", target, null);
  }

  Reply post(String target, String body) {
    return at(LATEST, "POST", target, body);
  }

  Reply put(String target, @Nullable String body) {
    return at(LATEST, "PUT", target, body);
  }

  Reply patch(String target, String body) {
    return at(LATEST, "PATCH", target, body);
  }

  Reply delete(String target) {
    return at(LATEST, "DELETE", target, null);
  }

  /** A name that nobody else has. */
  String name(String kind) {
    return kind + "-" + counter.incrementAndGet();
  }

  String mac() {
    int n = counter.incrementAndGet();
    return "52:54:00:00:%02x:%02x".formatted(n >> 8 & 255, n & 255);
  }

  static String uuid() {
    return UUID.randomUUID().toString();
  }

  /** Makes a node in {@code enroll}; returns its UUID. */
  String node() {
    return made(
        post("/v1/nodes", "{\"driver\": \"fake-hardware\", \"name\": \"" + name("n") + "\"}"));
  }

  /** Makes a node in {@code manageable}. */
  String manageable() {
    String node = node();
    act(node, "manage", "manageable");
    return node;
  }

  String port(String node) {
    return made(
        post("/v1/ports", "{\"node_uuid\": \"" + node + "\", \"address\": \"" + mac() + "\"}"));
  }

  String portgroup(String node) {
    return made(
        post(
            "/v1/portgroups",
            "{\"node_uuid\": \"" + node + "\", \"name\": \"" + name("g") + "\"}"));
  }

  String chassis() {
    return made(post("/v1/chassis", "{\"description\": \"" + name("rack") + "\"}"));
  }

  private static String made(Reply reply) {
    return reply.expect(201).json().get("uuid").stringValue();
  }

  /** Asks for a provisioning verb and waits for the state it leads to. */
  void act(String node, String target, String state) {
    put("/v1/nodes/" + node + "/states/provision", "{\"target\": \"" + target + "\"}").expect(202);
    awaitState(node, "provision_state", state);
  }

  /** Waits until a state is reached and the node's lock is free. */
  void awaitState(String node, String field, String state) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(
            () -> {
              JsonNode shown = get("/v1/nodes/" + node).expect(200).json();
              assertThat(shown.get(field).asString()).isEqualTo(state);
              assertThat(shown.get("reservation").isNull()).isTrue();
            });
  }

  @Override
  public void close() {
    wire.close();
    server.close();
    conductor.close();
    store.close();
  }
}
