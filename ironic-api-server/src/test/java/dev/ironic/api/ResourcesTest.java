package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.model.ProvisionState;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Everything but nodes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResourcesTest {

  private ApiRig rig;

  @BeforeAll
  void start(@TempDir Path folder) {
    rig = ApiRig.start(folder);
  }

  @AfterAll
  void stop() {
    rig.close();
  }

  private static List<Map<String, Object>> replace(String path, Object value) {
    return List.of(Map.of("op", "replace", "path", path, "value", value));
  }

  @Test
  void portsBelongToANodeAndHaveOneAddress() {
    String node = rig.node("with-ports");
    Map<String, Object> body = Map.of("node_uuid", node, "address", "52:54:00:AA:00:01");
    JsonNode port = rig.call("POST", "/v1/ports", body).expect(201).json();
    String path = "/v1/ports/" + port.path("uuid").asString();
    assertThat(port.path("address").asString()).isEqualTo("52:54:00:aa:00:01");
    assertThat(rig.call("POST", "/v1/ports", body).expect(409).fault())
        .contains("52:54:00:aa:00:01");
    rig.call("POST", "/v1/ports", Map.of("node_uuid", node, "address", "nonsense"))
        .expect(400)
        .fault();
    rig.call("POST", "/v1/ports", Map.of("address", "52:54:00:aa:00:02")).expect(400).fault();
    JsonNode changed =
        rig.call("PATCH", path, replace("/address", "52:54:00:aa:00:03")).expect(200).json();
    assertThat(changed.path("address").asString()).isEqualTo("52:54:00:aa:00:03");
    assertThat(
            rig.call("GET", "/v1/nodes/with-ports/ports", null)
                .expect(200)
                .json()
                .path("ports")
                .size())
        .isEqualTo(1);
    assertThat(
            rig.call("GET", "/v1/ports?address=52:54:00:aa:00:03", null)
                .expect(200)
                .json()
                .path("ports")
                .size())
        .isEqualTo(1);
    rig.call("DELETE", path, null).expect(204);
    rig.call("GET", path, null).expect(404).fault();
  }

  @Test
  void portgroupsHaveNames() {
    String node = rig.node("with-groups");
    JsonNode group =
        rig.call("POST", "/v1/portgroups", Map.of("node_uuid", node, "name", "bond0"))
            .expect(201)
            .json();
    assertThat(group.path("mode").asString()).isEqualTo("active-backup");
    rig.call("PATCH", "/v1/portgroups/bond0", replace("/mode", "802.3ad")).expect(200);
    assertThat(rig.call("GET", "/v1/portgroups/bond0", null).expect(200).json().path("mode"))
        .hasToString("\"802.3ad\"");
    rig.call("PATCH", "/v1/portgroups/bond0", replace("/links", List.of())).expect(400).fault();
    rig.call("DELETE", "/v1/portgroups/bond0", null).expect(204);
  }

  @Test
  void chassisHoldNodes() {
    JsonNode chassis =
        rig.call("POST", "/v1/chassis", Map.of("description", "row 4")).expect(201).json();
    String uuid = chassis.path("uuid").asString();
    rig.call("POST", "/v1/nodes", Map.of("driver", "fake-hardware", "chassis_uuid", uuid))
        .expect(201);
    rig.call("DELETE", "/v1/chassis/" + uuid, null).expect(400).fault();
    assertThat(
            rig.call("GET", "/v1/chassis/" + uuid + "/nodes", null)
                .expect(200)
                .json()
                .path("nodes")
                .size())
        .isEqualTo(1);
  }

  @Test
  void driversAndConductorsAreWhatIsAlive() {
    JsonNode drivers = rig.call("GET", "/v1/drivers", null).expect(200).json().path("drivers");
    assertThat(drivers.path(0).path("name").asString()).isEqualTo("fake-hardware");
    assertThat(drivers.path(0).path("hosts").toString()).isEqualTo("[\"rig\"]");
    JsonNode driver = rig.call("GET", "/v1/drivers/fake-hardware", null).expect(200).json();
    assertThat(driver.path("default_power_interface").asString()).isEqualTo("fake");
    rig.call("GET", "/v1/drivers/fake-hardware/properties", null).expect(200);
    rig.call("GET", "/v1/drivers/unheard-of", null).expect(404).fault();
    JsonNode conductor = rig.call("GET", "/v1/conductors/rig", null).expect(200).json();
    assertThat(conductor.path("alive").asBoolean()).isTrue();
  }

  @Test
  void agentsLookUpAndReport() {
    String node = rig.node("agent");
    rig.call("POST", "/v1/ports", Map.of("node_uuid", node, "address", "52:54:00:bb:00:01"))
        .expect(201);
    rig.call("GET", "/v1/lookup?node_uuid=" + node, null).expect(404).fault();
    rig.call("GET", "/v1/lookup", null).expect(400).fault();
    rig.call("GET", "/v1/lookup?addresses=zz", null).expect(400).fault();
    waitForAgent(node);
    JsonNode found =
        rig.call("GET", "/v1/lookup?addresses=52:54:00:BB:00:01,zz", null).expect(200).json();
    assertThat(found.path("node").path("uuid").asString()).isEqualTo(node);
    assertThat(found.path("node").propertyNames())
        .containsExactlyInAnyOrder(
            "uuid", "properties", "instance_info", "driver_internal_info", "links");
    String token = found.path("config").path("agent_token").asString();
    assertThat(token).hasSizeGreaterThan(20);
    assertThat(
            rig.call("GET", "/v1/lookup?node_uuid=" + node, null)
                .expect(200)
                .json()
                .path("config")
                .path("agent_token")
                .asString())
        .isEqualTo("******");

    String beat = "/v1/heartbeat/" + node;
    Map<String, Object> report =
        Map.of("callback_url", "https://192.0.2.9:9999", "agent_token", token);
    rig.call("POST", beat, Map.of("callback_url", "https://192.0.2.9:9999")).expect(400).fault();
    assertThat(
            rig.call(
                    "POST",
                    beat,
                    Map.of("callback_url", "https://192.0.2.9:9999", "agent_token", "wrong"))
                .expect(400)
                .fault())
        .doesNotContain(token);
    rig.call("POST", beat, Map.of("callback_url", "http://192.0.2.9:9999", "agent_token", token))
        .expect(400)
        .fault();
    assertThat(rig.call("POST", beat, report).expect(400).fault()).contains("ersion");
    var complete = new LinkedHashMap<>(report);
    complete.put("agent_version", "11.0.0");
    rig.call("POST", beat, complete).expect(202);
    rig.call("GET", "/v1/heartbeat", null).expect(405).fault();
    rig.call("PUT", "/v1/nodes/" + node + "/states/provision", Map.of("target", "abort"))
        .expect(202);
  }

  /** Fake hardware deploys without an agent, so the state is set in the database. */
  private void waitForAgent(String node) {
    var nodes = rig.conductor.store().nodes();
    var lock = nodes.reserve(node, "test");
    var before = nodes.get(node);
    nodes.update(lock, before, before.with(b -> b.provisionState(ProvisionState.CLEAN_WAIT)));
    nodes.release(lock);
  }
}
