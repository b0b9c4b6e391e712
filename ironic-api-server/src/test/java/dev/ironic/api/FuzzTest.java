package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.Query;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests that the API's own description allows, half of them spoilt, at several versions. Nothing
 * may fail unexpectedly, no connection may hang, and what is refused may change no row.
 *
 * <p>{@code -Dironic.fuzz.requests} and {@code -Dironic.fuzz.seed} make it longer and other.
 */
class FuzzTest {

  private static final int REQUESTS = Integer.getInteger("ironic.fuzz.requests", 20_000);
  private static final long SEED = Long.getLong("ironic.fuzz.seed", 20_261_126);

  private static final List<String> VERSIONS =
      List.of("1.1", "1.31", "1.61", "1.82", "1.104", ApiRig.LATEST);

  /** Refused requests between two looks at the database. */
  private static final int BATCH = 40;

  /** Changes between two times that what was deleted is made anew. */
  private static final int TIDY = 5;

  /** The server's own failures that are part of the contract: not there yet, nobody there. */
  private static final Set<Integer> DOCUMENTED = Set.of(501, 503);

  /** Parameters without which little happens, though none of them is required. */
  private static final Set<String> TELLING =
      Set.of("method", "node_uuid", "addresses", "device_types");

  private static final JsonMapper JSON = new JsonMapper();

  private final Random random = new Random(SEED);
  private final Mutations mutations = new Mutations(random);
  private final Map<Integer, Integer> statuses = new TreeMap<>();
  private int changes;
  private final List<String> refused = new ArrayList<>();

  @Test
  void nothingBreaksTheServer(@TempDir Path folder) throws Exception {
    System.out.printf("Fuzzing with -Dironic.fuzz.seed=%d%n", SEED);

    try (var rig = ApiRig.capable(folder);
        var client = new RawClient(rig.port());
        Connection database =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ironic.sqlite"))) {
      var objects = new SampleObjects(rig);
      objects.complete();
      var descriptions = new HashMap<String, Description>();
      VERSIONS.forEach(version -> descriptions.put(version, Description.of(rig, version)));
      Map<String, List<List<Object>>> before = rows(database);
      for (int i = 0; i < REQUESTS; i++) {
        String version = VERSIONS.get(random.nextInt(VERSIONS.size()));
        RawClient.Request request = request(descriptions.get(version), version, objects);
        RawClient.Answer answer = send(client, request);
        statuses.merge(answer.status(), 1, Integer::sum);
        assertThat(answer.status() < 500 || DOCUMENTED.contains(answer.status()))
            .as("%s -> %d %s", request, answer.status(), answer.body())
            .isTrue();
        boolean changed = answer.status() < 400 && mayChange(request);
        if (answer.status() >= 400) {
          refused.add(request + " -> " + answer.status());
        }
        if (changed || refused.size() == BATCH) {
          if (!changed) {
            assertThat(difference(before, rows(database))).as("after %s", refused).isEmpty();
          }
          refused.clear();
        }
        if (changed) {
          settle(rig);
          changes++;
          if (changes % TIDY == 0) {
            tidy(rig, objects);
          }
          before = rows(database);
        }
      }
    }
    System.out.println("Answers by status: " + statuses);
    assertThat(statuses.keySet()).contains(200, 201, 202, 204, 400, 404, 405, 406, 409);
  }

  /** Vendor methods that are asked by GET may hold the node's lock, and a lookup makes a token. */
  private static boolean mayChange(RawClient.Request request) {
    return !request.method().equals("GET")
        || request.toString().contains("vendor_passthru")
        || request.toString().contains("lookup");
  }

  private static RawClient.Answer send(RawClient client, RawClient.Request request) {
    try {
      return client.send(request);
    } catch (IOException e) {
      throw new AssertionError(request + " got no answer", e);
    }
  }

  private RawClient.Request request(
      Description description, String version, SampleObjects objects) {
    // All but the one that ends the conductor behind the server.
    List<Description.Operation> operations =
        description.operations().stream()
            .filter(operation -> !operation.id().equals("conductor.drain"))
            .toList();
    Description.Operation operation = operations.get(random.nextInt(operations.size()));
    var examples = new Examples(description, random, objects.members());
    String target = objects.path(operation.path()) + query(operation, examples);
    byte[] body =
        operation.body().isMissingNode()
            ? new byte[0]
            : JSON.writeValueAsBytes(examples.body(operation));
    var headers =
        List.of("X-OpenStack-Ironic-API-Version: " + version, "Content-Type: application/json");
    var good = new RawClient.Request(operation.method(), target, headers, body);
    return random.nextBoolean() ? mutations.spoil(good) : good;
  }

  private String query(Description.Operation operation, Examples examples) {
    var query = new StringBuilder();
    for (JsonNode parameter : operation.parameters("query")) {
      String name = parameter.path("name").asString();
      int rarity = TELLING.contains(name) ? 2 : 8;
      if (parameter.path("required").asBoolean(false) || random.nextInt(rarity) == 0) {
        JsonNode value = examples.value(name, parameter.path("schema"));
        query
            .append(query.isEmpty() ? '?' : '&')
            .append(name)
            .append('=')
            .append(URLEncoder.encode(text(value), StandardCharsets.UTF_8));
      }
    }
    return query.toString();
  }

  private static String text(JsonNode value) {
    if (!value.isArray()) {
      return value.asString("");
    }
    var texts = new ArrayList<String>();
    value.forEach(item -> texts.add(item.asString("")));
    return String.join(",", texts);
  }

  /** Waits until what was asked for is done, as far as it ends by itself. */
  private static void settle(ApiRig rig) {
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .pollInterval(Duration.ofMillis(1))
          .until(
              () ->
                  rig.conductor.busyWorkers() == 0
                      && rig.conductor.store().nodes().list(Query.ALL).stream()
                          .allMatch(FuzzTest::rests)
                      && rig.conductor.store().allocations().list(Query.ALL).stream()
                          .noneMatch(allocation -> allocation.state().equals("allocating")));
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "Nodes do not come to rest: "
              + rig.conductor.store().nodes().list(Query.ALL).stream()
                  .filter(node -> !rests(node))
                  .map(node -> node.uuid() + " " + node.provisionState() + " " + node.reservation())
                  .toList(),
          e);
    }
  }

  private static boolean rests(Node node) {
    return node.reservation() == null
        && (node.targetPowerState() == null)
        && (node.provisionState().kind() != ProvisionState.Kind.UNSTABLE
            || node.provisionState().wireName().endsWith("wait")
            || node.provisionState().wireName().endsWith("hold"));
  }

  /** Keeps one object of each kind, in a state where something can be done, and few others. */
  private void tidy(ApiRig rig, SampleObjects objects) {
    for (Node node : rig.conductor.store().nodes().list(Query.ALL)) {
      boolean ours = objects.all().containsValue(node.uuid());
      boolean stuck = node.provisionState().kind() == ProvisionState.Kind.UNSTABLE;
      if (!ours || (stuck && random.nextInt(4) == 0)) {
        rig.call("PUT", "/v1/nodes/" + node.uuid() + "/maintenance", null);
        rig.call("DELETE", "/v1/nodes/" + node.uuid(), null);
      }
    }
    objects.complete();
    rig.call("DELETE", "/v1/nodes/" + objects.ident("node_ident") + "/maintenance", null);
    if (random.nextInt(4) == 0) {
      objects.beginInspection();
      settle(rig);
      objects.lookUp();
    }
  }

  /** All rows but those that change by themselves, by table. */
  private static Map<String, List<List<Object>>> rows(Connection database) throws SQLException {
    var all = new TreeMap<String, List<List<Object>>>();
    try (Statement statement = database.createStatement()) {
      for (String table : tables(statement)) {
        try (ResultSet rows = statement.executeQuery("SELECT * FROM \"" + table + "\"")) {
          all.put(table, read(rows));
        }
      }
    }
    return all;
  }

  /** The rows that are only before, or only after. */
  private static List<String> difference(
      Map<String, List<List<Object>>> before, Map<String, List<List<Object>>> after) {
    var difference = new ArrayList<String>();
    before.forEach(
        (table, rows) -> {
          var gone = new ArrayList<>(rows);
          gone.removeAll(after.getOrDefault(table, List.of()));
          gone.forEach(row -> difference.add("- " + table + " " + row));
        });
    after.forEach(
        (table, rows) -> {
          var come = new ArrayList<>(rows);
          come.removeAll(before.getOrDefault(table, List.of()));
          come.forEach(row -> difference.add("+ " + table + " " + row));
        });
    return difference;
  }

  private static List<String> tables(Statement statement) throws SQLException {
    var names = new ArrayList<String>();
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
                + " AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'conductor%'")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  /** The number of a lock tells how often somebody has looked, not what was changed. */
  private static List<List<Object>> read(ResultSet rows) throws SQLException {
    var all = new ArrayList<List<Object>>();
    while (rows.next()) {
      var row = new ArrayList<Object>();
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        if (!rows.getMetaData().getColumnName(i).equals("fence")) {
          row.add(rows.getMetaData().getColumnName(i) + "=" + rows.getObject(i));
        }
      }
      all.add(row);
    }
    return all;
  }
}
