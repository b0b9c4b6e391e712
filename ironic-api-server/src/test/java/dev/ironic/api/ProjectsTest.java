package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the callers of a project see of an object, and whose an object is that they make. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProjectsTest {

  private KeystoneRig rig;
  private Path policy;
  private String node;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    policy = Files.writeString(folder.resolve("policy.yaml"), "# nothing yet\n");
    rig =
        KeystoneRig.start(folder, Map.of("oslo_policy", Map.of("policy_file", policy.toString())));
    node =
        rig.made(
            "/v1/nodes",
            Map.of(
                "driver", "fake-hardware",
                "name", "leased",
                "owner", "blue",
                "lessee", "red",
                "driver_info", Map.of("address", "10.1.1.1", "fake_password", "xyzzy"),
                "instance_info", Map.of("image_source", "http://x/y", "admin_pass", "plugh")));
  }

  @AfterAll
  void stop() {
    rig.close();
  }

  private JsonNode shown(String role, String scope, String path) {
    return rig.as(role, scope, "GET", path, null).expect(200).json();
  }

  @Test
  void aLesseeSeesNoAccessDataOfTheMachine() {
    for (String path :
        List.of("/v1/nodes/" + node, "/v1/nodes/detail", "/v1/nodes?fields=driver_info")) {
      JsonNode answer = shown("admin", "red", path);
      JsonNode seen = answer.has("nodes") ? answer.path("nodes").path(0) : answer;
      assertThat(seen.path("driver_info").toString())
          .contains("baremetal:node:get:driver_info")
          .doesNotContain("10.1.1.1");
    }
    JsonNode whole = shown("reader", "red", "/v1/nodes/" + node);
    assertThat(whole.path("driver_internal_info").toString())
        .contains("baremetal:node:get:driver_internal_info");
    assertThat(whole.path("last_error").isNull()).as("nothing to hide").isTrue();
    assertThat(whole.path("instance_info").path("image_source").asString()).isEqualTo("http://x/y");
    for (String[] other : new String[][] {{"reader", "blue"}, {"reader", "system"}}) {
      JsonNode info = shown(other[0], other[1], "/v1/nodes/" + node).path("driver_info");
      assertThat(info.path("address").asString()).isEqualTo("10.1.1.1");
      assertThat(info.path("fake_password").asString()).isEqualTo("******");
    }
  }

  @Test
  void anAnswerToAChangeHidesTheSame() {
    var patch = List.of(Map.of("op", "add", "path", "/extra/note", "value", "mine"));
    JsonNode answer =
        rig.as("member", "red", "PATCH", "/v1/nodes/" + node, patch).expect(200).json();
    assertThat(answer.path("extra").path("note").asString()).isEqualTo("mine");
    assertThat(answer.toString()).doesNotContain("10.1.1.1");
    assertThat(shown("reader", "blue", "/v1/nodes/" + node).path("driver_info").path("address"))
        .as("what is stored is left alone")
        .hasToString("\"10.1.1.1\"");
  }

  @Test
  void whoMaySeeSecretsIsTheOperatorsToSay() throws IOException {
    String path = "/v1/nodes/" + node;
    assertThat(shown("admin", "system", path).toString()).doesNotContain("xyzzy", "plugh");
    String waiting = waitingForItsAgent();
    Files.writeString(policy, "show_password: role:admin and system_scope:all\n");
    try {
      JsonNode seen = shown("admin", "system", path);
      assertThat(seen.path("driver_info").path("fake_password").asString()).isEqualTo("xyzzy");
      assertThat(seen.toString()).doesNotContain("plugh");
      assertThat(shown("reader", "system", path).toString()).doesNotContain("xyzzy");
      Files.writeString(policy, "show_instance_secrets: \"@\"\n");
      assertThat(shown("reader", "red", path).toString()).contains("plugh").doesNotContain("xyzzy");
      Reply lookup = rig.call(null, "GET", "/v1/lookup?node_uuid=" + waiting, null).expect(200);
      assertThat(lookup.text())
          .as("agents come in without a token")
          .contains(waiting, "\"******\"")
          .doesNotContain("plugh");
    } finally {
      Files.writeString(policy, "# nothing any more\n");
    }
    assertThat(shown("admin", "system", path).toString()).doesNotContain("xyzzy", "plugh");
  }

  /** A node that agents may look up. */
  private String waitingForItsAgent() {
    String uuid =
        rig.made(
            "/v1/nodes",
            Map.of("driver", "fake-hardware", "instance_info", Map.of("admin_pass", "plugh")));
    var nodes = rig.rig.conductor.store().nodes();
    var lock = nodes.reserve(uuid, "test");
    try {
      Node before = nodes.get(uuid);
      nodes.update(lock, before, before.with(b -> b.provisionState(ProvisionState.CLEAN_WAIT)));
    } finally {
      nodes.release(lock);
    }
    return uuid;
  }

  @Test
  void anOverriddenRuleCountsFromTheNextRequestOn() throws IOException {
    rig.as("member", "green", "GET", "/v1/conductors", null).expect(403);
    Files.writeString(policy, "\"baremetal:conductor:get\": \"project_id:green\"\n");
    try {
      rig.as("member", "green", "GET", "/v1/conductors", null).expect(200);
      rig.as("admin", "system", "GET", "/v1/conductors", null).expect(403);
    } finally {
      Files.writeString(policy, "# nothing any more, and longer\n");
    }
    rig.as("member", "green", "GET", "/v1/conductors", null).expect(403);
  }

  @Test
  void aProjectsNodesAreItsOwn() {
    Map<String, String> plain = Map.of("driver", "fake-hardware");
    JsonNode made = rig.as("admin", "green", "POST", "/v1/nodes", plain).expect(201).json();
    assertThat(made.path("owner").asString()).isEqualTo("green");
    String fault =
        rig.as(
                "admin",
                "green",
                "POST",
                "/v1/nodes",
                Map.of("driver", "fake-hardware", "owner", "blue"))
            .expect(400)
            .fault();
    assertThat(fault).contains("owner").contains("green");
    JsonNode ofSystem = rig.admin("POST", "/v1/nodes", plain).expect(201).json();
    assertThat(ofSystem.path("owner").isNull()).isTrue();
    String path = "/v1/nodes/" + made.path("uuid").asString();
    var owner = List.of(Map.of("op", "add", "path", "/owner", "value", "blue"));
    rig.as("admin", "green", "PATCH", path, owner).expect(403);
    rig.as("member", "green", "DELETE", path, null).expect(403);
    rig.as("admin", "red", "DELETE", path, null).expect(404);
    rig.as("admin", "green", "DELETE", path, null).expect(204);
  }

  @Test
  void allocationsOfAProjectAreItsOwnAndTakeItsNodes() {
    var wish = Map.of("resource_class", "none", "name", "green-wish");
    JsonNode made = rig.as("member", "green", "POST", "/v1/allocations", wish).expect(201).json();
    assertThat(made.path("owner").asString()).isEqualTo("green");
    var foreign = Map.of("resource_class", "none", "owner", "blue");
    rig.as("member", "green", "POST", "/v1/allocations", foreign).expect(403).fault();
    for (var hidden :
        List.<Map<String, Object>>of(
            Map.of("resource_class", "none", "candidate_nodes", List.of(node)),
            Map.of("resource_class", "none", "node", node))) {
      assertThat(rig.as("member", "green", "POST", "/v1/allocations", hidden).expect(400).fault())
          .isEqualTo("Node " + node + " could not be found.");
    }
  }

  @Test
  void runbooksOfAProjectAreItsOwn() {
    var step = Map.of("interface", "deploy", "step", "deploy", "args", Map.of(), "order", 1);
    var body = Map.of("name", "CUSTOM_GREEN", "steps", List.of(step));
    JsonNode made = rig.as("manager", "green", "POST", "/v1/runbooks", body).expect(201).json();
    assertThat(made.path("owner").asString()).isEqualTo("green");
    var foreign = Map.of("name", "CUSTOM_BLUE", "steps", List.of(step), "owner", "blue");
    rig.as("manager", "green", "POST", "/v1/runbooks", foreign).expect(403).fault();
  }

  @Test
  void aRunbookRunsForThoseWhoMayUseIt() {
    String machine = rig.made("/v1/nodes", Map.of("driver", "fake-hardware", "owner", "blue"));
    String path = "/v1/nodes/" + machine;
    rig.admin("PUT", path + "/states/provision", Map.of("target", "manage")).expect(202);
    rig.await(path, "provision_state", "manageable");
    var step = Map.of("interface", "deploy", "step", "deploy", "args", Map.of(), "order", 1);
    for (var runbook :
        List.<Map<String, Object>>of(
            Map.of("name", "CUSTOM_OURS", "steps", List.of(step), "owner", "blue"),
            Map.of("name", "CUSTOM_THEIRS", "steps", List.of(step), "owner", "red"),
            Map.of("name", "CUSTOM_OPEN", "steps", List.of(step), "public", true))) {
      rig.made("/v1/runbooks", runbook);
    }
    assertClean("member", path, "CUSTOM_THEIRS", 404, "Runbook CUSTOM_THEIRS");
    assertClean("member", path, "CUSTOM_OURS", 403, "baremetal:runbook:use");
    assertClean("manager", path, "CUSTOM_OURS", 400, "trait");
    assertClean("member", path, "CUSTOM_OPEN", 400, "trait");
  }

  private void assertClean(String role, String path, String runbook, int status, String words) {
    var body = Map.of("target", "clean", "runbook", runbook);
    Reply reply = rig.as(role, "blue", "PUT", path + "/states/provision", body);
    assertThat(reply.expect(status).fault()).contains(words);
  }

  @Test
  void listsByAHiddenNodeAreAsIfItWereNotThere() {
    for (String path :
        List.of(
            "/v1/ports?node=",
            "/v1/ports?node_uuid=",
            "/v1/portgroups?node=",
            "/v1/volume/connectors?node=",
            "/v1/volume/targets?node=",
            "/v1/nodes?marker=")) {
      assertThat(rig.as("reader", "green", "GET", path + node, null).expect(404).fault())
          .as(path)
          .contains(node);
      rig.as("reader", "red", "GET", path + node, null).expect(200);
    }
    // A parent that there is not has no children, which is no error.
    Reply children = rig.as("reader", "green", "GET", "/v1/nodes?parent_node=" + node, null);
    assertThat(children.expect(200).json().path("nodes")).isEmpty();
  }

  @Test
  void aListDoesNotBeginAfterWhatTheCallerMayNotKnowOf() {
    String port = rig.made("/v1/ports", Map.of("node_uuid", node, "address", "52:54:00:12:34:56"));
    String group = rig.made("/v1/portgroups", Map.of("node_uuid", node));
    for (String path : List.of("/v1/ports?marker=" + port, "/v1/portgroups?marker=" + group)) {
      Reply hidden = rig.as("reader", "green", "GET", path, null).expect(404);
      String unknown = path.replaceAll("=.*", "=00000000-0000-4000-8000-000000000000");
      assertThat(hidden.fault().replaceAll("[0-9a-f-]{36}", ""))
          .as("no other answer than for what there is not")
          .isEqualTo(
              rig.as("reader", "green", "GET", unknown, null)
                  .expect(404)
                  .fault()
                  .replaceAll("[0-9a-f-]{36}", ""));
      rig.as("reader", "red", "GET", path, null).expect(200);
    }
  }

  @Test
  void aListGoesOnPageByPageWithinTheProject() {
    for (int i = 0; i < 7; i++) {
      var body = Map.of("driver", "fake-hardware", "owner", i % 2 == 0 ? "violet" : "grey");
      rig.made("/v1/nodes", body);
    }
    var seen = new ArrayList<String>();
    String path = "/v1/nodes?limit=2&fields=uuid,owner";
    while (path != null) {
      JsonNode page = shown("reader", "violet", path);
      page.path("nodes").forEach(item -> seen.add(item.path("owner").asString()));
      String next = page.path("next").asString("");
      path = next.isEmpty() ? null : next.substring(next.indexOf("/v1/"));
    }
    assertThat(seen).containsExactly("violet", "violet", "violet", "violet");
  }

  @Test
  void childrenAreListedAsFarAsTheyMayBeSeen() {
    var hidden = Map.of("driver", "fake-hardware", "parent_node", node, "owner", "blue");
    var seen = new HashMap<>(hidden);
    seen.put("lessee", "red");
    String child = rig.made("/v1/nodes", seen);
    rig.made("/v1/nodes", hidden);
    assertThat(shown("reader", "system", "/v1/nodes/" + node + "/children").path("children"))
        .hasSize(2);
    assertThat(shown("reader", "red", "/v1/nodes/" + node + "/children").path("children"))
        .hasToString("[\"" + child + "\"]");
  }

  @Test
  void theOwnerOfAMachineInUseStays() {
    String used = rig.made("/v1/nodes", Map.of("driver", "fake-hardware", "owner", "blue"));
    rig.provide(used);
    rig.admin("PUT", "/v1/nodes/" + used + "/states/provision", Map.of("target", "active"))
        .expect(202);
    rig.await("/v1/nodes/" + used, "provision_state", "active");
    var patch = List.of(Map.of("op", "add", "path", "/owner", "value", "red"));
    rig.as("member", "system", "PATCH", "/v1/nodes/" + used, patch).expect(409).fault();
    rig.admin("PATCH", "/v1/nodes/" + used, patch).expect(200);
  }

  @Test
  void propertiesOfVolumesAreForThoseWhoMaySeeThem() {
    String target =
        rig.made(
            "/v1/volume/targets",
            Map.of(
                "node_uuid",
                node,
                "volume_type",
                "iscsi",
                "volume_id",
                "v1",
                "boot_index",
                3,
                "properties",
                Map.of("target_iqn", "iqn.2030")));
    String path = "/v1/volume/targets/" + target;
    assertThat(shown("reader", "blue", path).path("properties").toString())
        .contains("view_target_properties")
        .doesNotContain("iqn.2030");
    assertThat(shown("admin", "blue", path).path("properties").toString()).contains("iqn.2030");
    assertThat(shown("reader", "system", path).path("properties").toString()).contains("iqn.2030");
  }

  @Test
  void withoutAValidTokenThereIsAChallenge() {
    for (String token : new String[] {null, "made-up"}) {
      Reply reply = rig.call(token, "GET", "/v1/nodes", null).expect(401);
      assertThat(reply.header("WWW-Authenticate"))
          .isEqualTo("Keystone uri=\"" + rig.keystone.url() + "/v3\"");
      assertThat(reply.fault()).doesNotContain("made-up");
    }
  }

  @Test
  void whenTheIdentityServiceFailsTheAnswerSaysSo() {
    String token = rig.keystone.token("reader", "purple");
    rig.keystone.fail(502, 1000);
    try {
      String fault = rig.call(token, "GET", "/v1/nodes", null).expect(503).fault();
      assertThat(fault).contains("identity service").contains("502").doesNotContain(token);
      rig.call(null, "GET", "/", null).expect(200);
    } finally {
      rig.keystone.fail(502, 0);
    }
    rig.call(token, "GET", "/v1/nodes", null).expect(200);
  }
}
