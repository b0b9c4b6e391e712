package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Nodes, ports, port groups and chassis: made, listed, shown, changed, deleted. */
class ObjectsTest {

  @TempDir static Path folder;
  static ApiRig rig;

  @BeforeAll
  static void start() {
    rig = new ApiRig(folder);
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  private static List<String> uuids(JsonNode list, String collection) {
    var uuids = new ArrayList<String>();
    list.get(collection).forEach(item -> uuids.add(item.get("uuid").stringValue()));
    return uuids;
  }

  @Test
  void aNodeLivesFromPostToDelete() {
    String name = rig.name("life");
    Reply made =
        rig.post(
                "/v1/nodes",
                "{\"driver\": \"fake-hardware\", \"name\": \"%s\", \"extra\": {\"a\": [1, 2.5, null]}, \"driver_info\": {\"fake_password\": \"secret\"}}"
                    .formatted(name))
            .expect(201);
    String uuid = made.json().get("uuid").stringValue();
    assertThat(made.header("Location")).isEqualTo(rig.url() + "/v1/nodes/" + uuid);
    assertThat(made.json().get("provision_state").stringValue()).isEqualTo("enroll");
    assertThat(made.json().get("driver_info").get("fake_password").stringValue())
        .isEqualTo("******");

    JsonNode shown = rig.get("/v1/nodes/" + name).expect(200).json();
    assertThat(shown.get("extra").toString()).isEqualTo("{\"a\":[1,2.5,null]}");
    assertThat(shown.get("links").get(0).get("href").stringValue())
        .isEqualTo(rig.url() + "/v1/nodes/" + uuid);
    assertThat(shown.get("links").get(1).get("href").stringValue())
        .isEqualTo(rig.url() + "/nodes/" + uuid);
    assertThat(shown.get("conductor").stringValue()).isEqualTo(ApiRig.HOST);

    JsonNode changed =
        rig.patch(
                "/v1/nodes/" + uuid,
                "[{\"op\": \"add\", \"path\": \"/extra/b\", \"value\": true},"
                    + " {\"op\": \"replace\", \"path\": \"/name\", \"value\": \"%s-2\"},"
                        .formatted(name)
                    + " {\"op\": \"remove\", \"path\": \"/extra/a/0\"}]")
            .expect(200)
            .json();
    assertThat(changed.get("extra").toString()).isEqualTo("{\"a\":[2.5,null],\"b\":true}");
    assertThat(changed.get("name").stringValue()).isEqualTo(name + "-2");
    assertThat(changed.get("updated_at").isNull()).isFalse();

    rig.delete("/v1/nodes/" + uuid).expect(204);
    rig.get("/v1/nodes/" + uuid).expect(404).error();
    rig.delete("/v1/nodes/" + uuid).expect(404).error();
  }

  @Test
  void aPatchChangesAllOrNothing() {
    String node = "/v1/nodes/" + rig.node();
    String before = rig.get(node).text();
    for (String second :
        List.of(
            "{\"op\": \"remove\", \"path\": \"/extra/nosuch\"}",
            "{\"op\": \"replace\", \"path\": \"/extra/nosuch\", \"value\": 1}",
            "{\"op\": \"add\", \"path\": \"/nosuch\", \"value\": 1}",
            "{\"op\": \"add\", \"path\": \"/uuid\", \"value\": \"" + ApiRig.uuid() + "\"}",
            "{\"op\": \"replace\", \"path\": \"/maintenance\", \"value\": \"perhaps\"}",
            "{\"op\": \"replace\", \"path\": \"/driver\", \"value\": \"nosuch\"}",
            "{\"op\": \"replace\", \"path\": \"/deploy_interface\", \"value\": \"nosuch\"}",
            "{\"op\": \"remove\", \"path\": \"/driver\"}",
            "{\"op\": \"test\", \"path\": \"/extra\", \"value\": {}}",
            "{\"op\": \"add\", \"path\": \"/extra/x\"}",
            "{\"op\": \"add\", \"path\": \"extra/x\", \"value\": 1}",
            "{\"op\": \"add\", \"path\": \"/extra/x\", \"value\": 1, \"from\": \"/a\"}",
            "[]")) {
      rig.patch(node, "[{\"op\": \"add\", \"path\": \"/extra/a\", \"value\": 1}, " + second + "]")
          .expect(400)
          .error();
      assertThat(rig.get(node).text()).as(second).isEqualTo(before);
    }
    rig.patch(node, "[]").expect(200);
  }

  @Test
  void keysWithSlashAndTildeAreEscapedFrom98() {
    String node = "/v1/nodes/" + rig.node();
    String patch = "[{\"op\": \"add\", \"path\": \"/extra/a~1b~0c\", \"value\": 1}]";
    assertThat(rig.patch(node, patch).expect(200).json().get("extra").has("a/b~c")).isTrue();
    rig.at("1.97", "PATCH", node, patch).expect(400).error();
  }

  @Test
  void namesAndUuidsAreUnique() {
    String name = rig.name("twin");
    String uuid = ApiRig.uuid();
    String body = "{\"driver\": \"fake-hardware\", \"name\": \"%s\", \"uuid\": \"%s\"}";
    rig.post("/v1/nodes", body.formatted(name, uuid)).expect(201);
    assertThat(rig.post("/v1/nodes", body.formatted(name, ApiRig.uuid())).expect(409).error())
        .contains(name);
    assertThat(rig.post("/v1/nodes", body.formatted(rig.name("n"), uuid)).expect(409).error())
        .contains(uuid);
    String chassis = ApiRig.uuid();
    rig.post("/v1/chassis", "{\"uuid\": \"" + chassis + "\"}").expect(201);
    rig.post("/v1/chassis", "{\"uuid\": \"" + chassis + "\"}").expect(409).error();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"driver\": null}",
        "{\"driver\": 1}",
        "{\"driver\": \"nosuch\"}",
        "{\"driver\": \"fake-hardware\", \"nosuch\": 1}",
        "{\"driver\": \"fake-hardware\", \"uuid\": \"x\"}",
        "{\"driver\": \"fake-hardware\", \"name\": \"a b\"}",
        "{\"driver\": \"fake-hardware\", \"name\": \"detail\"}",
        "{\"driver\": \"fake-hardware\", \"name\": \"7d8f5b54-8b43-4b1b-9c46-2d1c44a0a7d1\"}",
        "{\"driver\": \"fake-hardware\", \"extra\": []}",
        "{\"driver\": \"fake-hardware\", \"power_interface\": \"nosuch\"}",
        "{\"driver\": \"fake-hardware\", \"chassis_uuid\": \"7d8f5b54-8b43-4b1b-9c46-2d1c44a0a7d1\"}",
        "{\"driver\": \"fake-hardware\", \"provision_state\": \"active\"}",
        "{\"driver\": \"fake-hardware\", \"reservation\": \"me\"}",
        "{\"driver\": \"fake-hardware\", \"traits\": [\"CUSTOM_A\"]}",
        "{\"driver\": \"fake-hardware\", \"secure_boot\": \"perhaps\"}",
        "{\"driver\": \"fake-hardware\", \"network_data\": {\"links\": []}}",
        "[{\"driver\": \"fake-hardware\"}]"
      })
  void aNodeThatIsNotRightIsNotMade(String body) {
    long before = rig.store().nodes().count(dev.ironic.core.store.Query.ALL);
    rig.post("/v1/nodes", body).expect(400).error();
    assertThat(rig.store().nodes().count(dev.ironic.core.store.Query.ALL)).isEqualTo(before);
  }

  @Test
  void listsComeInPages() {
    String group = rig.name("class");
    var all = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      all.add(
          rig.post(
                  "/v1/nodes",
                  "{\"driver\": \"fake-hardware\", \"resource_class\": \"" + group + "\"}")
              .expect(201)
              .json()
              .get("uuid")
              .stringValue());
    }
    var seen = new ArrayList<String>();
    String next = "/v1/nodes?limit=2&fields=uuid&resource_class=" + group;
    int pages = 0;
    while (next != null) {
      JsonNode page = rig.get(next).expect(200).json();
      seen.addAll(uuids(page, "nodes"));
      pages++;
      next = page.has("next") ? page.get("next").stringValue().substring(rig.url().length()) : null;
    }
    assertThat(seen).isEqualTo(all);
    assertThat(pages).isEqualTo(3);
    String last = "/v1/nodes?sort_key=uuid&sort_dir=desc&fields=uuid&resource_class=" + group;
    assertThat(uuids(rig.get(last).expect(200).json(), "nodes"))
        .isEqualTo(all.stream().sorted(java.util.Comparator.reverseOrder()).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=-1",
        "limit=x",
        "limit=",
        "limit=1.5",
        "marker=a%20b",
        "sort_dir=up",
        "sort_key=nosuch",
        "sort_key=extra",
        "fields=nosuch",
        "detail=true&fields=uuid",
        "detail=perhaps",
        "maintenance=perhaps",
        "provision_state=nosuch",
        "nosuch=1",
        "fault=nosuch",
        "instance_uuid=x"
      })
  void aListIsNotMadeOfNonsense(String query) {
    rig.get("/v1/nodes?" + query).expect(400).error();
  }

  @Test
  void anAbsurdLimitIsCutAndAnUnknownMarkerNotFound() {
    rig.node();
    rig.get("/v1/nodes?limit=99999999999999999999").expect(200);
    rig.get("/v1/nodes?marker=" + ApiRig.uuid()).expect(404).error();
    rig.get("/v1/ports?marker=" + ApiRig.uuid()).expect(404).error();
  }

  @Test
  void nodesAreFoundByTheirProperties() {
    String node = rig.node();
    rig.put("/v1/nodes/" + node + "/maintenance", "{\"reason\": \"broken\"}").expect(202);
    assertThat(uuids(rig.get("/v1/nodes?maintenance=yes").expect(200).json(), "nodes"))
        .contains(node);
    assertThat(uuids(rig.get("/v1/nodes?maintenance=false").expect(200).json(), "nodes"))
        .doesNotContain(node);
    JsonNode detailed = rig.get("/v1/nodes/detail?maintenance=1").expect(200).json();
    assertThat(detailed.get("nodes").get(0).has("driver_info")).isTrue();
    assertThat(uuids(rig.get("/v1/nodes?conductor=" + ApiRig.HOST).expect(200).json(), "nodes"))
        .contains(node);
  }

  @Test
  void aParentIsNamedAndItsChildrenAreListed() {
    String parent = rig.node();
    String name = rig.get("/v1/nodes/" + parent).json().get("name").stringValue();
    String child =
        rig.post("/v1/nodes", "{\"driver\": \"fake-hardware\", \"parent_node\": \"" + name + "\"}")
            .expect(201)
            .json()
            .get("uuid")
            .stringValue();
    assertThat(rig.get("/v1/nodes/" + child).json().get("parent_node").stringValue())
        .isEqualTo(parent);
    assertThat(
            rig.get("/v1/nodes/" + parent + "/children")
                .json()
                .get("children")
                .get(0)
                .stringValue())
        .isEqualTo(child);
    assertThat(uuids(rig.get("/v1/nodes").json(), "nodes")).doesNotContain(child);
    assertThat(uuids(rig.get("/v1/nodes?include_children=true").json(), "nodes")).contains(child);
  }

  @Test
  void aPortLivesFromPostToDelete() {
    String node = rig.node();
    String mac = rig.mac();
    JsonNode port =
        rig.post(
                "/v1/ports",
                "{\"node_uuid\": \"%s\", \"address\": \"%s\"}"
                    .formatted(node, mac.toUpperCase(java.util.Locale.ROOT).replace(':', '-')))
            .expect(201)
            .json();
    String uuid = port.get("uuid").stringValue();
    assertThat(port.get("address").stringValue()).isEqualTo(mac);
    assertThat(uuids(rig.get("/v1/ports?address=" + mac).json(), "ports")).containsExactly(uuid);
    assertThat(uuids(rig.get("/v1/nodes/" + node + "/ports").json(), "ports"))
        .containsExactly(uuid);
    rig.post("/v1/ports", "{\"node_uuid\": \"%s\", \"address\": \"%s\"}".formatted(node, mac))
        .expect(409)
        .error();
    assertThat(
            rig.patch(
                    "/v1/ports/" + uuid,
                    "[{\"op\": \"replace\", \"path\": \"/pxe_enabled\", \"value\": \"no\"}]")
                .expect(200)
                .json()
                .get("pxe_enabled")
                .booleanValue())
        .isFalse();
    rig.patch(
            "/v1/ports/" + uuid,
            "[{\"op\": \"replace\", \"path\": \"/address\", \"value\": \"zz\"}]")
        .expect(400)
        .error();
    rig.delete("/v1/ports/" + uuid).expect(204);
    rig.get("/v1/ports/" + uuid).expect(404).error();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"address\": \"52:54:00:aa:bb:cc\"}",
        "{\"address\": \"52:54:00:aa:bb:cc\", \"node_uuid\": \"7d8f5b54-8b43-4b1b-9c46-2d1c44a0a7d1\"}",
        "{\"address\": \"52:54:00:aa:bb:cc\", \"node_uuid\": \"x\"}",
        "{\"address\": \"52:54:00:aa:bb\", \"node_uuid\": \"NODE\"}",
        "{\"address\": \"52:54:00:aa:bb:cc\", \"node_uuid\": \"NODE\", \"nosuch\": 1}",
        "{\"address\": \"52:54:00:aa:bb:cc\", \"node_uuid\": \"NODE\", \"physical_network\": \"\"}",
        "{\"address\": \"52:54:00:aa:bb:cc\", \"node_uuid\": \"NODE\", \"is_smartnic\": true}",
        "{\"address\": \"52:54:00:aa:bb:cc\", \"node_uuid\": \"NODE\", \"local_link_connection\": {\"x\": 1}}",
        "{\"address\": \"52:54:00:aa:bb:cc\", \"node_uuid\": \"NODE\", \"portgroup_uuid\": \"7d8f5b54-8b43-4b1b-9c46-2d1c44a0a7d1\"}"
      })
  void aPortThatIsNotRightIsNotMade(String body) {
    String node = rig.node();
    rig.post("/v1/ports", body.replace("NODE", node)).expect(400).error();
    assertThat(uuids(rig.get("/v1/nodes/" + node + "/ports").json(), "ports")).isEmpty();
  }

  @Test
  void aPortgroupLivesFromPostToDelete() {
    String node = rig.node();
    String group = rig.portgroup(node);
    String port = rig.port(node);
    rig.patch(
            "/v1/ports/" + port,
            "[{\"op\": \"add\", \"path\": \"/portgroup_uuid\", \"value\": \"" + group + "\"}]")
        .expect(200);
    assertThat(uuids(rig.get("/v1/portgroups/" + group + "/ports").json(), "ports"))
        .containsExactly(port);
    rig.delete("/v1/portgroups/" + group).expect(400).error();
    rig.delete("/v1/ports/" + port).expect(204);
    assertThat(
            rig.patch(
                    "/v1/portgroups/" + group,
                    "[{\"op\": \"replace\", \"path\": \"/mode\", \"value\": \"802.3ad\"}]")
                .expect(200)
                .json()
                .get("mode")
                .stringValue())
        .isEqualTo("802.3ad");
    rig.delete("/v1/portgroups/" + group).expect(204);
    rig.get("/v1/portgroups/" + group).expect(404).error();
  }

  @Test
  void aChassisHoldsNodesAndIsDeletedWhenEmpty() {
    String chassis = rig.chassis();
    String node =
        rig.post(
                "/v1/nodes",
                "{\"driver\": \"fake-hardware\", \"chassis_uuid\": \"" + chassis + "\"}")
            .expect(201)
            .json()
            .get("uuid")
            .stringValue();
    assertThat(uuids(rig.get("/v1/chassis/" + chassis + "/nodes").json(), "nodes"))
        .containsExactly(node);
    rig.delete("/v1/chassis/" + chassis).expect(400).error();
    rig.patch(
            "/v1/chassis/" + chassis,
            "[{\"op\": \"replace\", \"path\": \"/description\", \"value\": \"r\"}]")
        .expect(200);
    assertThat(uuids(rig.get("/v1/chassis/detail").json(), "chassis")).contains(chassis);
    rig.delete("/v1/nodes/" + node).expect(204);
    rig.delete("/v1/chassis/" + chassis).expect(204);
    rig.get("/v1/chassis/" + chassis).expect(404).error();
  }
}
