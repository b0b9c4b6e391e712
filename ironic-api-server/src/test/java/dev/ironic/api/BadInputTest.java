package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.api.Operation;
import dev.ironic.core.model.Node;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Store;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nonsense sent to every operation of the table: the answer is a 4xx in the right form (501 where
 * an operation is not served yet), and what was refused has changed nothing.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {

  private static final String ADDRESS = "52:54:00:cc:00:01";

  private ApiRig rig;
  private Map<String, String> idents = Map.of();

  @BeforeAll
  void start(@TempDir Path folder) {
    rig = ApiRig.start(folder);
    restore();
  }

  @AfterAll
  void stop() {
    rig.close();
  }

  /** Puts the objects back that a request, being valid by chance, has removed or changed. */
  private void restore() {
    Store store = rig.conductor.store();
    String node = store.nodes().find("victim").map(Node::uuid).orElseGet(() -> rig.node("victim"));
    rig.awaitRest(node);
    idents =
        Map.of(
            "node_ident",
            node,
            "port_ident",
            ident("/v1/ports", "ports", Map.of("address", ADDRESS, "node_uuid", node)),
            "port_uuid",
            ident("/v1/ports", "ports", Map.of("address", ADDRESS, "node_uuid", node)),
            "portgroup_ident",
            ident("/v1/portgroups", "portgroups", Map.of("name", "bond", "node_uuid", node)),
            "chassis_uuid",
            ident("/v1/chassis", "chassis", Map.of("description", "c")),
            "driver_name",
            "fake-hardware",
            "hostname",
            "rig",
            "trait",
            "CUSTOM_X");
  }

  private String ident(String path, String key, Map<String, String> body) {
    var list = rig.call("GET", path, null).expect(200).json().path(key);
    var found = list.isEmpty() ? rig.call("POST", path, body).expect(201).json() : list.path(0);
    return found.path("uuid").asString();
  }

  /** Everything that a refused request must leave as it is. */
  private List<Object> rows() {
    Store store = rig.conductor.store();
    var rows = new ArrayList<Object>();
    store.nodes().list(Query.ALL).forEach(node -> rows.add(components(node)));
    rows.addAll(store.ports().list(Query.ALL));
    rows.addAll(store.portgroups().list(Query.ALL));
    rows.addAll(store.chassis().list(Query.ALL));
    for (Node node : store.nodes().list(Query.ALL)) {
      rows.add(store.nodes().get(node.uuid()).traits());
    }
    return rows;
  }

  /** A record's own text form hides what may be secret. */
  private static Map<String, Object> components(Record row) {
    var values = new TreeMap<String, Object>();
    for (RecordComponent component : row.getClass().getRecordComponents()) {
      try {
        values.put(component.getName(), String.valueOf(component.getAccessor().invoke(row)));
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(e.getMessage(), e);
      }
    }
    // Every lock counts it up; it is no property of the node.
    values.remove("fence");
    return values;
  }

  private static String shown(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    return text.length() > 300 ? text.substring(0, 300) + "... (" + body.length + " bytes)" : text;
  }

  private void send(String method, String path, byte[] body, String why) {
    List<Object> before = rows();
    Reply reply = rig.at(ApiRig.LATEST, method, path, body);
    String request = "%s: %s %s %s".formatted(why, method, path, shown(body));
    if (reply.status() < 400) {
      restore();
      return;
    }
    assertThat(reply.status())
        .as("%s -> %s", request, reply.text())
        .matches(status -> status < 500 || status == 501, "4xx, or 501 where not served yet");
    assertThat(reply.fault()).as(request).isNotBlank();
    assertThat(rows()).as("%s -> %s", request, reply.text()).isEqualTo(before);
  }

  private static Stream<Operation> operations() {
    // All but the one that ends the conductor behind the server.
    return Operation.table().stream()
        .filter(operation -> !operation.id().equals("conductor.drain"));
  }

  private String path(Operation operation, Random random) {
    String path = operation.path();
    for (Map.Entry<String, String> ident : idents.entrySet()) {
      path = path.replace("{" + ident.getKey() + "}", ident.getValue());
    }
    // What the table of identifiers does not know gets one of the wrong ones.
    while (path.contains("{")) {
      path = path.replaceFirst("\\{[a-z_]+}", Nonsense.ident(random));
    }
    return path;
  }

  @ParameterizedTest
  @MethodSource("operations")
  void nonsenseIsRefused(Operation operation) {
    long seed = operation.id().hashCode();
    var random = new Random(seed);
    String why = operation.id() + " with seed " + seed;
    for (int i = 0; i < 8; i++) {
      send(
          operation.method(),
          path(operation, random) + Nonsense.query(operation, random),
          new byte[0],
          why);
    }
    for (int i = 0; i < 6; i++) {
      String path = operation.path();
      while (path.contains("{")) {
        path = path.replaceFirst("\\{[a-z_]+}", Nonsense.ident(random));
      }
      send(operation.method(), path, Nonsense.body(operation, random), why);
    }
    if (operation.isWrite()) {
      for (int i = 0; i < 40; i++) {
        send(operation.method(), path(operation, random), Nonsense.body(operation, random), why);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{]",
        "nul",
        "[1,",
        "{\"a\":}",
        "{\"driver\":\"fake-hardware\"} x",
        "'a'",
        "\u0000",
        "{\"driver\": \"fake\u0001hardware\"}",
        "{\"a\":1,\"a\":2}",
        "NaN",
        "{\"driver\":NaN}"
      })
  void malformedJsonIsTheClientsFault(String body) {
    send("POST", "/v1/nodes", body.getBytes(StandardCharsets.UTF_8), "malformed");
    rig.call("POST", "/v1/nodes", body).expect(400).fault();
  }

  @Test
  void bytesThatAreNoTextAreRefused() {
    byte[] body = "{\"driver\":\"fake-hardware\",\"name\":\"x?\"}".getBytes(StandardCharsets.UTF_8);
    body[body.length - 3] = (byte) 0xFF;
    rig.send("POST", "/v1/nodes", body, Map.of()).expect(400).fault();
  }

  @Test
  void sizesAreLimited() {
    rig.call("POST", "/v1/nodes", Map.of("driver", "x".repeat(1 << 20))).expect(413).fault();
    rig.call("POST", "/v1/nodes", "[".repeat(100_000)).expect(400).fault();
    rig.call("POST", "/v1/nodes", "{\"extra\":" + "{\"a\":".repeat(30) + "1" + "}".repeat(31))
        .expect(400)
        .fault();
    rig.call("POST", "/v1/nodes", "{\"driver\": " + "9".repeat(200_000) + "}").expect(400).fault();
    rig.call("POST", "/v1/nodes", "{\"extra\": {\"n\": 1e999999999}}").expect(400).fault();
    rig.call("POST", "/v1/nodes", Map.of("driver", "fake-hardware", "name", "n".repeat(300)))
        .expect(400)
        .fault();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/nodes?bogus=1",
        "/v1/nodes?limit=-1",
        "/v1/nodes?limit=many",
        "/v1/nodes?sort_dir=up",
        "/v1/nodes?sort_key=bogus",
        "/v1/nodes?fields=bogus",
        "/v1/nodes?marker=x",
        "/v1/nodes?associated=maybe",
        "/v1/nodes?detail=perhaps",
        "/v1/nodes?instance_uuid=1",
        "/v1/nodes?provision_state=flying",
        "/v1/ports?address=1",
        "/v1/nodes?limit=%FF",
        "/v1/nodes?%00=1",
        "/v1/nodes/%zz",
        "/v1/nodes/%FF%FE"
      })
  void badQueriesAndPathsAreRefused(String path) throws IOException {
    // A client library would not send some of these.
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), rig.port())) {
      socket.setSoTimeout(10_000);
      String request =
          "GET %s HTTP/1.1\r\nHost: x\r\nX-OpenStack-Ironic-API-Version: 1.115\r\nConnection: close\r\n\r\n"
              .formatted(path);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 4").contains("error_message");
    }
  }

  @Test
  void aHugeLimitIsCutToTheLargestPage() {
    for (String limit : List.of("2000000000", "99999999999999999999")) {
      Reply reply = rig.call("GET", "/v1/nodes?limit=" + limit, null).expect(200);
      assertThat(reply.json().path("nodes").size()).isLessThanOrEqualTo(50);
    }
    rig.call("GET", "/v1/nodes?limit=" + "9".repeat(200), null).expect(400).fault();
  }

  @Test
  void aPatchWithAnEndlessPathIsRefused() {
    String node = rig.node("endless");
    for (String part : List.of("/a", "/~0", "x")) {
      String path = "/extra/" + part.repeat(100_000);
      rig.call(
              "PATCH",
              "/v1/nodes/" + node,
              List.of(Map.of("op", "replace", "path", path, "value", 1)))
          .expect(400)
          .fault();
    }
  }

  @Test
  void whatOneDoesNotAcceptIsNotSent() {
    Reply reply =
        rig.send("GET", "/v1/nodes", new byte[0], Map.of("Accept", "text/html")).expect(406);
    assertThat(reply.json().path("error_message").asString()).contains("text/html");
  }

  @Test
  void aWrongMethodSaysWhichAreRight() {
    Reply reply = rig.call("PUT", "/v1/nodes", Map.of()).expect(405);
    assertThat(reply.fault()).isNotBlank();
    assertThat(reply.header("Allow")).contains("GET").contains("POST");
  }
}
