package dev.ironic.api;

import dev.ironic.core.model.ProvisionState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One object of each kind, made through the API, by the name of the path parameter that means it.
 * Not thread-safe.
 */
final class SampleObjects {

  static final List<Map<String, Object>> STEPS =
      List.of(Map.of("interface", "deploy", "step", "deploy", "args", Map.of(), "priority", 1));

  private static final List<Map<String, Object>> ORDERED =
      List.of(Map.of("interface", "deploy", "step", "deploy", "args", Map.of(), "order", 1));

  private final ApiRig rig;
  private final Map<String, String> idents = new HashMap<>();
  private int made;

  SampleObjects(ApiRig rig) {
    this.rig = rig;
    idents.put("driver_name", "fake-hardware");
    idents.put("hostname", "rig");
    idents.put("trait", "CUSTOM_A");
    idents.put("indicator", "led@system");
    idents.put("method", "echo");
  }

  /** Makes what there is not yet, or no more. */
  void complete() {
    made++;
    String node = present("node_ident", "/v1/nodes/") ? ident("node_ident") : availableNode();
    keep("child", "/v1/nodes", Map.of("driver", "fake-hardware", "parent_node", node));
    keep("chassis_uuid", "/v1/chassis", Map.of("description", "c"));
    keep("portgroup_ident", "/v1/portgroups", Map.of("node_uuid", node));
    idents.put("portgroup_uuid", ident("portgroup_ident"));
    keep(
        "port_ident",
        "/v1/ports",
        Map.of(
            "node_uuid",
            node,
            "address",
            "52:54:01:00:%02x:%02x".formatted(made / 256, made % 256)));
    idents.put("port_uuid", ident("port_ident"));
    keep(
        "connector_uuid",
        "/v1/volume/connectors",
        Map.of("node_uuid", node, "type", "iqn", "connector_id", "x" + made));
    keep(
        "target_uuid",
        "/v1/volume/targets",
        Map.of(
            "node_uuid", node, "volume_type", "iscsi", "volume_id", "v", "boot_index", 100 + made));
    keep(
        "template_ident",
        "/v1/deploy_templates",
        Map.of("name", "CUSTOM_T" + made, "steps", STEPS));
    keep("runbook_ident", "/v1/runbooks", Map.of("name", "CUSTOM_R" + made, "steps", ORDERED));
    keep(
        "inspection_rule_uuid",
        "/v1/inspection_rules",
        Map.of("actions", List.of(Map.of("op", "fail", "args", Map.of("msg", "x")))));
    keep("allocation_ident", "/v1/allocations", Map.of("resource_class", "rc"));
    JsonNode history =
        rig.call("GET", "/v1/nodes/" + node + "/history", null).json().path("history");
    history.forEach(event -> idents.put("event_uuid", event.path("uuid").asString()));
  }

  private String availableNode() {
    String node = create("/v1/nodes", Map.of("driver", "fake-hardware"));
    idents.put("node_ident", node);
    rig.call("PUT", "/v1/nodes/" + node + "/traits/CUSTOM_A", null).expect(204);
    rig.provision(node, "manage");
    rig.await(node, ProvisionState.MANAGEABLE);
    rig.provision(node, "provide");
    rig.await(node, ProvisionState.AVAILABLE);
    // Only machines whose power is known can be allocated.
    rig.call("PUT", "/v1/nodes/" + node + "/states/power", Map.of("target", "power on"))
        .expect(202);
    rig.awaitRest(node);
    keep("chassis_uuid", "/v1/chassis", Map.of("description", "c"));
    rig.call(
            "PATCH",
            "/v1/nodes/" + node,
            List.of(
                Map.of("op", "add", "path", "/resource_class", "value", "rc"),
                Map.of("op", "add", "path", "/chassis_uuid", "value", ident("chassis_uuid"))))
        .expect(200);
    return node;
  }

  /** Makes another node where the one that there is went on into another state. */
  void bringAvailable() {
    if (!rig.call("GET", "/v1/nodes/" + ident("node_ident"), null)
        .json()
        .path("provision_state")
        .asString("")
        .equals("available")) {
      availableNode();
    }
  }

  /** Asks for an inspection, which only a node in some states takes. */
  void beginInspection() {
    String path = "/v1/nodes/" + ident("node_ident") + "/states/provision";
    if (rig.call("PUT", path, Map.of("target", "manage")).status() == 202) {
      rig.await(ident("node_ident"), ProvisionState.MANAGEABLE);
    }
    rig.call("PUT", path, Map.of("target", "inspect"));
  }

  /** Keeps the token that an agent would get. */
  void lookUp() {
    Reply found = rig.call("GET", "/v1/lookup?node_uuid=" + ident("node_ident"), null);
    String token = found.json().at("/config/agent_token").asString("");
    if (token.length() > 20) { // told only once
      idents.put("agent_token", token);
    }
  }

  private void keep(String name, String path, Map<String, ?> body) {
    if (!present(name, path + "/")) {
      idents.put(name, create(path, body));
    }
  }

  private boolean present(String name, String path) {
    String ident = idents.get(name);
    return ident != null && rig.call("GET", path + ident, null).status() == 200;
  }

  private String create(String path, Map<String, ?> body) {
    return rig.call("POST", path, body).expect(201).json().path("uuid").asString();
  }

  String ident(String name) {
    String ident = find(name);
    if (ident == null) {
      throw new AssertionError("Nothing was made for " + name);
    }
    return ident;
  }

  @Nullable String find(String name) {
    return idents.get(name);
  }

  Map<String, String> all() {
    return Map.copyOf(idents);
  }

  /** Members of bodies and parameters of queries that name an object. */
  Map<String, String> members() {
    var members = new HashMap<>(idents);
    members.put("node_uuid", ident("node_ident"));
    members.put("node", ident("node_ident"));
    members.put("portgroup_uuid", ident("portgroup_ident"));
    members.put("driver", "fake-hardware");
    members.put("resource_class", "rc");
    members.put("candidate_nodes", ident("node_ident"));
    members.put("runbook", ident("runbook_ident"));
    members.put("addresses", "52:54:02:00:00:01");
    return members;
  }

  /** A path with the parameters filled in; those that mean nothing here become x. */
  String path(String pattern) {
    String path = pattern;
    for (var ident : idents.entrySet()) {
      path = path.replace("{" + ident.getKey() + "}", ident.getValue());
    }
    return path.replaceAll("\\{[a-z_]+}", "x");
  }
}
