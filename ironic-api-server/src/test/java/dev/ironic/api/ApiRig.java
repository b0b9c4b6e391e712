package dev.ironic.api;

import dev.ironic.core.conductor.Conductor;
import dev.ironic.core.config.IronicConfig;
import dev.ironic.core.image.ImageStack;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.routing.LocalLocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** API and conductor in one JVM, on a real socket and a SQLite file, with fake hardware. */
final class ApiRig implements AutoCloseable {

  static final String LATEST = "1.115";
  private static final JsonMapper JSON = new JsonMapper();

  final Conductor conductor;
  private final ImageStack images;
  private final ApiServer server;
  private final HttpClient http = HttpClient.newHttpClient();

  ApiRig(Path folder, Map<String, Map<String, String>> more) {
    var options = new HashMap<String, Map<String, String>>();
    options.put("DEFAULT", hardware());
    options.put("api", Map.of("host_ip", "127.0.0.1", "port", "0", "max_limit", "50"));
    options.put("database", Map.of("connection", "sqlite:///" + folder.resolve("ironic.sqlite")));
    more.forEach(
        (group, values) ->
            options.merge(
                group,
                values,
                (before, added) -> {
                  var all = new HashMap<>(before);
                  all.putAll(added);
                  return all;
                }));
    IronicConfig config = IronicConfig.of(options);
    images = ImageStack.start(config, folder, Clock.systemUTC());
    conductor = Conductor.builder().config(config).images(images.images()).host("rig").start();
    try {
      server =
          ApiServer.start(
              conductor.store(),
              new LocalLocator("rig", "", Set.of("fake-hardware"), conductor.service()),
              config,
              Clock.systemUTC());
    } catch (RuntimeException e) {
      conductor.close();
      images.close();
      throw e;
    }
  }

  static ApiRig start(Path folder) {
    return new ApiRig(folder, Map.of());
  }

  /**
   * With interfaces that can do more than the fake ones, which nodes get unless asked otherwise.
   */
  static ApiRig capable(Path folder) {
    var options = new HashMap<String, String>();
    for (String kind : List.of("inspect", "management", "vendor")) {
      options.put("enabled_" + kind + "_interfaces", "fake," + CapablePlugin.NAME);
      options.put("default_" + kind + "_interface", CapablePlugin.NAME);
    }
    var images =
        Map.of(
            "http_root", folder.resolve("http").toString(), "http_url", "http://127.0.0.1:9/media");
    var quiet = Map.of("sync_power_state_interval", "-1", "check_provision_state_interval", "0");
    return new ApiRig(folder, Map.of("DEFAULT", options, "deploy", images, "conductor", quiet));
  }

  private static Map<String, String> hardware() {
    var options = new HashMap<String, String>();
    options.put("auth_strategy", "noauth");
    options.put("enabled_hardware_types", "fake-hardware");
    for (String kind :
        List.of(
            "bios",
            "boot",
            "console",
            "deploy",
            "firmware",
            "inspect",
            "management",
            "power",
            "raid",
            "rescue",
            "storage",
            "vendor")) {
      options.put("enabled_" + kind + "_interfaces", "fake");
    }
    options.put("enabled_network_interfaces", "noop");
    return options;
  }

  URI uri(String path) {
    return URI.create(server.url() + path);
  }

  int port() {
    return server.port();
  }

  /** Sends a request at the newest version; a body is sent as JSON. */
  Reply call(String method, String path, @Nullable Object body) {
    return at(LATEST, method, path, body);
  }

  Reply at(String version, String method, String path, @Nullable Object body) {
    byte[] bytes =
        body == null
            ? new byte[0]
            : body instanceof byte[] raw
                ? raw
                : body instanceof String text
                    ? text.getBytes(StandardCharsets.UTF_8)
                    : JSON.writeValueAsBytes(body);
    return send(method, path, bytes, Map.of("X-OpenStack-Ironic-API-Version", version));
  }

  Reply send(String method, String path, byte[] body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .timeout(Duration.ofSeconds(60))
            .method(
                method,
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    try {
      HttpResponse<byte[]> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Reply(answer.statusCode(), answer.headers(), answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path + " got no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Creates a node and returns its UUID. */
  String node(String name) {
    return call("POST", "/v1/nodes", Map.of("driver", "fake-hardware", "name", name))
        .expect(201)
        .json()
        .path("uuid")
        .asString();
  }

  void provision(String node, String target) {
    call("PUT", "/v1/nodes/" + node + "/states/provision", Map.of("target", target)).expect(202);
  }

  /** Waits until a node is in a state and nothing works on it. */
  Node await(String node, ProvisionState state) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> conductor.store().nodes().get(node),
            now -> now.provisionState() == state && now.reservation() == null);
  }

  /** Waits until nothing works on a node. */
  Node awaitRest(String node) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(2))
        .until(
            () -> conductor.store().nodes().get(node),
            now ->
                now.reservation() == null
                    && now.targetPowerState() == null
                    && now.provisionState().kind() == ProvisionState.Kind.STABLE);
  }

  @Override
  public void close() {
    http.close();
    server.close();
    conductor.close();
    images.close();
  }
}
