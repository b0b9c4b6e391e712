package dev.ironic.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A server that asks a scripted identity service about its callers. */
final class KeystoneRig implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();

  final ScriptedKeystone keystone;
  final ApiRig rig;

  private KeystoneRig(ScriptedKeystone keystone, ApiRig rig) {
    this.keystone = keystone;
    this.rig = rig;
  }

  static KeystoneRig start(Path folder, Map<String, Map<String, String>> more) throws IOException {
    ScriptedKeystone keystone = ScriptedKeystone.start(Clock.systemUTC());
    var options = new HashMap<>(keystone.options());
    options.putAll(more);
    return new KeystoneRig(keystone, new ApiRig(folder, options));
  }

  /** Sends a request of somebody with a role in a project, or in the scope {@code system}. */
  Reply as(String role, String scope, String method, String path, @Nullable Object body) {
    return call(keystone.token(role, scope), method, path, body);
  }

  /** Sends a request of an administrator of the system. */
  Reply admin(String method, String path, @Nullable Object body) {
    return as("admin", "system", method, path, body);
  }

  Reply call(@Nullable String token, String method, String path, @Nullable Object body) {
    var headers = new HashMap<String, String>();
    headers.put("X-OpenStack-Ironic-API-Version", ApiRig.LATEST);
    if (token != null) {
      headers.put("X-Auth-Token", token);
    }
    byte[] bytes =
        body == null
            ? new byte[0]
            : body instanceof String text
                ? text.getBytes(StandardCharsets.UTF_8)
                : JSON.writeValueAsBytes(body);
    return rig.send(method, path, bytes, headers);
  }

  /** Makes an object and returns its UUID. */
  String made(String path, Object body) {
    return admin("POST", path, body).expect(201).json().path("uuid").asString();
  }

  /** Waits until a field of an object has a value. */
  void await(String path, String field, String value) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> admin("GET", path, null).expect(200).json().path(field).asString(""),
            value::equals);
  }

  /** Brings a new node into the state available. */
  void provide(String node) {
    for (String[] step : new String[][] {{"manage", "manageable"}, {"provide", "available"}}) {
      admin("PUT", "/v1/nodes/" + node + "/states/provision", Map.of("target", step[0]))
          .expect(202);
      await("/v1/nodes/" + node, "provision_state", step[1]);
    }
  }

  @Override
  public void close() {
    rig.close();
    keystone.close();
  }
}
