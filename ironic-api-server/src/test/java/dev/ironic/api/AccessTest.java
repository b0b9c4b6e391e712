package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.api.Operation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Who may do what by the default rules: every operation, every role, through the REST door. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessTest {

  private static final Pattern CONCEALED =
      Pattern.compile(
          "(Node|Port|Portgroup|Volume connector|Volume target|Allocation|Runbook) \\S+ could not"
              + " be found\\.");

  private KeystoneRig rig;
  private final Map<String, String> idents = new HashMap<>();

  /** A row of the table. */
  record Row(String operation, String request, List<String> cells) {
    @Override
    public String toString() {
      return operation + " " + request;
    }
  }

  static List<Row> table() throws IOException {
    try (var in =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(AccessTest.class.getResourceAsStream("access.txt")),
                StandardCharsets.UTF_8))) {
      return in.lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" \\| ", -1))
          .map(parts -> new Row(parts[0], parts[1], List.of(parts[2].split(" ", -1))))
          .toList();
    }
  }

  static Stream<Row> rows() throws IOException {
    return table().stream().filter(row -> !row.operation().equals("callers"));
  }

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    rig = KeystoneRig.start(folder, Map.of());
    String chassis = made("chassis", "/v1/chassis", Map.of());
    String node =
        made(
            "node",
            "/v1/nodes",
            Map.of(
                "driver", "fake-hardware",
                "name", "owned",
                "owner", "owner",
                "lessee", "lessee",
                "resource_class", "wanted",
                "chassis_uuid", chassis));
    connections(node, "owned", "52:54:00:00:00:01", true);
    String other =
        made(
            null,
            "/v1/nodes",
            Map.of("driver", "fake-hardware", "name", "free", "chassis_uuid", chassis));
    connections(other, "free", "52:54:00:00:00:02", false);
    rig.provide(node);
    rig.admin("PUT", "/v1/nodes/" + node + "/states/power", Map.of("target", "power off"))
        .expect(202);
    rig.await("/v1/nodes/" + node, "power_state", "power off");
    made(
        "allocation",
        "/v1/allocations",
        Map.of("name", "owned-claim", "resource_class", "wanted", "owner", "owner"));
    rig.await("/v1/allocations/owned-claim", "state", "active");
    made(null, "/v1/allocations", Map.of("name", "free-claim", "resource_class", "none"));
    rig.await("/v1/allocations/free-claim", "state", "error");
    made("runbook", "/v1/runbooks", runbook("CUSTOM_OWNED", "owner", "owner"));
    made(null, "/v1/runbooks", runbook("CUSTOM_PUBLIC", "public", true));
    made(null, "/v1/runbooks", runbook("CUSTOM_FREE", "description", "of nobody"));
    var templateStep =
        Map.of("interface", "deploy", "step", "deploy", "args", Map.of(), "priority", 1);
    made(
        "template",
        "/v1/deploy_templates",
        Map.of("name", "CUSTOM_TEMPLATE", "steps", List.of(templateStep)));
    made(
        "rule",
        "/v1/inspection_rules",
        Map.of("actions", List.of(Map.of("op", "fail", "args", Map.of("msg", "no")))));
  }

  private static Map<String, Object> runbook(String name, String more, Object value) {
    var step = Map.of("interface", "deploy", "step", "deploy", "args", Map.of(), "order", 1);
    return Map.of("name", name, "steps", List.of(step), more, value);
  }

  /** Wires a node; requests name what belongs to one of them only. */
  private void connections(String node, String name, String address, boolean named) {
    String group =
        made(
            named ? "portgroup" : null,
            "/v1/portgroups",
            Map.of("node_uuid", node, "name", name + "-group"));
    made(
        named ? "port" : null,
        "/v1/ports",
        Map.of("node_uuid", node, "address", address, "portgroup_uuid", group));
    made(
        named ? "connector" : null,
        "/v1/volume/connectors",
        Map.of("node_uuid", node, "type", "ip", "connector_id", name));
    made(
        named ? "target" : null,
        "/v1/volume/targets",
        Map.of("node_uuid", node, "volume_type", "iscsi", "volume_id", name, "boot_index", 0));
  }

  private String made(@Nullable String as, String path, Object body) {
    String uuid = rig.made(path, body);
    if (as != null) {
      idents.put(as, uuid);
    }
    return uuid;
  }

  @AfterAll
  void stop() {
    rig.close();
  }

  @Test
  void theTableHasEveryOperation() throws IOException {
    var known = new TreeSet<String>();
    Operation.table().forEach(operation -> known.add(operation.id()));
    var tried = new TreeSet<String>();
    rows().forEach(row -> tried.add(row.operation()));
    assertThat(tried).isEqualTo(known);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void eachCallerGetsWhatTheTableSays(Row row) throws IOException {
    List<String> callers = table().getFirst().cells();
    String request = row.request();
    for (var ident : idents.entrySet()) {
      request = request.replace("{" + ident.getKey() + "}", ident.getValue());
    }
    String[] parts = request.split(" ", 3);
    var seen = new ArrayList<String>();
    var wanted = new ArrayList<String>();
    for (int i = 0; i < callers.size(); i++) {
      String[] caller = callers.get(i).split("@", -1);
      String token = rig.keystone.token(caller[0], caller[1]);
      Reply reply = rig.call(token, parts[0], parts[1], parts.length > 2 ? parts[2] : null);
      boolean counted = Character.isDigit(row.cells().get(i).charAt(0));
      seen.add(callers.get(i) + " " + sign(reply, counted));
      wanted.add(callers.get(i) + " " + row.cells().get(i));
    }
    assertThat(seen).containsExactlyElementsOf(wanted);
    if (!Operation.table().stream()
        .filter(operation -> operation.id().equals(row.operation()))
        .allMatch(Operation::isPublic)) {
      rig.call(null, parts[0], parts[1], parts.length > 2 ? parts[2] : null).expect(401);
    }
  }

  private static String sign(Reply reply, boolean counted) {
    return switch (reply.status()) {
      case 401 -> "401";
      case 403 -> "x";
      case 404 -> CONCEALED.matcher(reply.fault()).matches() ? "-" : "+";
      case 200 -> counted ? String.valueOf(rowsOf(reply)) : "+";
      default -> reply.status() < 500 || reply.status() == 501 ? "+" : reply.text();
    };
  }

  private static int rowsOf(Reply reply) {
    for (JsonNode member : reply.json()) {
      if (member.isArray()) {
        return member.size();
      }
    }
    throw new AssertionError("no list in " + reply.text());
  }
}
