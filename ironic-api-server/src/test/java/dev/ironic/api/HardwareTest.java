package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * What is asked of machines: power, provisioning, maintenance, checks, boot device, traits, VIFs.
 */
class HardwareTest {

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

  @Test
  void powerIsSwitched() {
    String node = rig.manageable();
    Reply reply =
        rig.put("/v1/nodes/" + node + "/states/power", "{\"target\": \"power on\"}").expect(202);
    assertThat(reply.body()).isEmpty();
    assertThat(reply.header("Location")).isEqualTo(rig.url() + "/v1/nodes/" + node + "/states");
    rig.awaitState(node, "power_state", "power on");
    rig.put("/v1/nodes/" + node + "/states/power?target=power%20off", null).expect(202);
    rig.awaitState(node, "power_state", "power off");
    JsonNode states = rig.get("/v1/nodes/" + node + "/states").expect(200).json();
    assertThat(states.get("power_state").stringValue()).isEqualTo("power off");
    assertThat(states.has("uuid")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"target\": \"on\"}",
        "{\"target\": 1}",
        "{\"target\": \"power on\", \"timeout\": 0}",
        "{\"target\": \"power on\", \"timeout\": \"soon\"}",
        "{\"target\": \"power on\", \"x\": 1}"
      })
  void powerIsNotSwitchedByNonsense(String body) {
    String node = rig.node();
    rig.put("/v1/nodes/" + node + "/states/power", body).expect(400).error();
    assertThat(rig.get("/v1/nodes/" + node).json().get("target_power_state").isNull()).isTrue();
  }

  @Test
  void aNodeIsDeployedAndTakenDown() {
    String node = rig.manageable();
    rig.act(node, "provide", "available");
    rig.act(node, "active", "active");
    assertThat(
            rig.put("/v1/nodes/" + node + "/states/provision", "{\"target\": \"active\"}")
                .expect(400)
                .error())
        .contains("active");
    assertThat(rig.delete("/v1/nodes/" + node).status()).isBetween(400, 409);
    JsonNode flows = rig.get("/v1/nodes/" + node + "/flows").expect(200).json();
    assertThat(flows.get("flows").size()).isGreaterThanOrEqualTo(3);
    rig.act(node, "deleted", "available");
    rig.act(node, "manage", "manageable");
    rig.delete("/v1/nodes/" + node).expect(204);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"target\": \"nosuch\"}",
        "{\"target\": null}",
        "{\"target\": [\"clean\"]}",
        "{\"target\": \"active\"}",
        "{\"target\": \"clean\"}",
        "{\"target\": \"clean\", \"clean_steps\": []}",
        "{\"target\": \"clean\", \"clean_steps\": {}}",
        "{\"target\": \"clean\", \"clean_steps\": [{}]}",
        "{\"target\": \"clean\", \"clean_steps\": [{\"interface\": \"nosuch\", \"step\": \"x\"}]}",
        "{\"target\": \"clean\", \"clean_steps\": [{\"interface\": \"bios\", \"step\": \"factory_reset\", \"args\": 1}]}",
        "{\"target\": \"clean\", \"clean_steps\": [{\"interface\": \"bios\", \"step\": \"factory_reset\", \"x\": 1}]}",
        "{\"target\": \"clean\", \"clean_steps\": [{\"interface\": \"bios\", \"step\": \"factory_reset\", \"execute_on_child_nodes\": \"no\"}]}",
        "{\"target\": \"provide\", \"clean_steps\": [{\"interface\": \"bios\", \"step\": \"factory_reset\"}]}",
        "{\"target\": \"provide\", \"configdrive\": \"x\"}",
        "{\"target\": \"provide\", \"rescue_password\": \"x\"}",
        "{\"target\": \"provide\", \"nosuch\": 1}"
      })
  void whatCannotBeDoneIsNotBegun(String body) {
    String node = rig.manageable();
    rig.put("/v1/nodes/" + node + "/states/provision", body).expect(400).error();
    JsonNode shown = rig.get("/v1/nodes/" + node).json();
    assertThat(shown.get("provision_state").stringValue()).isEqualTo("manageable");
    assertThat(shown.get("target_provision_state").isNull()).isTrue();
    assertThat(shown.get("last_error").isNull()).isTrue();
  }

  @Test
  void aConfigDriveThatIsNoneIsRefused() {
    String node = rig.manageable();
    rig.act(node, "provide", "available");
    for (String drive :
        List.of("\"###\"", "\"ftp://x\"", "7", "[]", "{\"nosuch\": {}}", "{\"meta_data\": 1}")) {
      rig.put(
              "/v1/nodes/" + node + "/states/provision",
              "{\"target\": \"active\", \"configdrive\": " + drive + "}")
          .expect(400)
          .error();
    }
    assertThat(rig.get("/v1/nodes/" + node).json().get("instance_info").size()).isZero();
  }

  @Test
  void theStateIsJudgedBeforeTheVersionOfNewerVerbs() {
    String node = rig.node();
    String provision = "/v1/nodes/" + node + "/states/provision";
    assertThat(rig.at("1.84", "PUT", provision, "{\"target\": \"unhold\"}").status())
        .isEqualTo(400);
    assertThat(rig.at("1.3", "PUT", provision, "{\"target\": \"manage\"}").status()).isEqualTo(406);
  }

  @Test
  void maintenanceHasAReason() {
    String node = rig.node();
    assertThat(
            rig.put("/v1/nodes/" + node + "/maintenance", "{\"reason\": \"a fan\"}")
                .expect(202)
                .body())
        .isEmpty();
    JsonNode shown = rig.get("/v1/nodes/" + node).json();
    assertThat(shown.get("maintenance").booleanValue()).isTrue();
    assertThat(shown.get("maintenance_reason").stringValue()).isEqualTo("a fan");
    rig.put("/v1/nodes/" + node + "/maintenance", "{\"reason\": 7}").expect(400).error();
    rig.delete("/v1/nodes/" + node + "/maintenance").expect(202);
    shown = rig.get("/v1/nodes/" + node).json();
    assertThat(shown.get("maintenance").booleanValue()).isFalse();
    assertThat(shown.get("maintenance_reason").isNull()).isTrue();
  }

  @Test
  void everyInterfaceIsValidated() {
    String node = rig.node();
    JsonNode outcome = rig.get("/v1/nodes/" + node + "/validate").expect(200).json();
    for (String kind : List.of("power", "deploy", "boot", "management", "network", "storage")) {
      assertThat(outcome.get(kind).get("result").booleanValue()).as(kind).isTrue();
    }
    rig.get("/v1/nodes/validate?node=" + node).expect(200);
    rig.get("/v1/nodes/validate").expect(400).error();
  }

  @Test
  void theBootDeviceIsSetInBodyOrQuery() {
    String node = "/v1/nodes/" + rig.node() + "/management/boot_device";
    assertThat(
            rig.get(node + "/supported")
                .expect(200)
                .json()
                .get("supported_boot_devices")
                .toString())
        .contains("pxe");
    rig.put(node, "{\"boot_device\": \"pxe\", \"persistent\": \"true\"}").expect(204);
    rig.put(node + "?boot_device=pxe", null).expect(204);
    assertThat(rig.get(node).expect(200).json().has("boot_device")).isTrue();
    rig.put(node, "{\"boot_device\": \"nosuch\"}").expect(400).error();
    rig.put(node, "{}").expect(400).error();
    rig.put(node, "{\"boot_device\": \"pxe\", \"persistent\": \"perhaps\"}").expect(400).error();
  }

  @Test
  void traitsAreASet() {
    String node = "/v1/nodes/" + rig.node() + "/traits";
    rig.put(node, "{\"traits\": [\"CUSTOM_B\", \"HW_CPU_X86_VMX\", \"CUSTOM_B\"]}").expect(204);
    rig.put(node + "/CUSTOM_A", null).expect(204);
    assertThat(rig.get(node).expect(200).json().get("traits").toString())
        .contains("CUSTOM_A", "CUSTOM_B", "HW_CPU_X86_VMX");
    rig.delete(node + "/CUSTOM_A").expect(204);
    rig.delete(node + "/CUSTOM_A").expect(404).error();
    for (String bad :
        List.of(
            "{}", "{\"traits\": \"CUSTOM_A\"}", "{\"traits\": [1]}", "{\"traits\": [\"lower\"]}")) {
      rig.put(node, bad).expect(400).error();
    }
    rig.put(node + "/lower", null).expect(400).error();
    assertThat(rig.get(node).json().get("traits").size()).isEqualTo(2);
    rig.delete(node).expect(204);
    assertThat(rig.get(node).json().get("traits").size()).isZero();
  }

  @Test
  void vifsAreJudged() {
    String node = "/v1/nodes/" + rig.node() + "/vifs";
    assertThat(rig.get(node).expect(200).json().get("vifs").isArray()).isTrue();
    rig.post(node, "{\"id\": \"vif-1\"}").expect(204);
    rig.post(node, "{}").expect(400).error();
    rig.post(node, "{\"id\": 1}").expect(400).error();
    rig.post(
            node,
            "{\"id\": \"v\", \"port_uuid\": \"%s\", \"portgroup_uuid\": \"%s\"}"
                .formatted(ApiRig.uuid(), ApiRig.uuid()))
        .expect(400)
        .error();
  }

  @Test
  void anAgentLooksUpItsNodeAndHeartbeats() {
    String node = rig.node();
    rig.get("/v1/lookup").expect(400).error();
    rig.get("/v1/lookup?addresses=zz").expect(400).error();
    rig.get("/v1/lookup?node_uuid=zz").expect(400).error();
    rig.get("/v1/lookup?node_uuid=" + ApiRig.uuid()).expect(404).error();
    rig.get("/v1/lookup?node_uuid=" + node).expect(404).error(); // not in a state for agents
    rig.post("/v1/heartbeat/" + ApiRig.uuid(), "{\"callback_url\": \"https://192.0.2.1:9999\"}")
        .expect(404)
        .error();
    rig.post("/v1/heartbeat/" + node, "{\"callback_url\": \"https://192.0.2.1:9999\"}")
        .expect(400)
        .error();
    rig.post("/v1/heartbeat/" + node, "{\"callback_url\": 1, \"agent_token\": \"x\"}")
        .expect(400)
        .error();
    rig.at("1.21", "GET", "/v1/lookup?node_uuid=" + node, null).expect(404).error();
  }

  @Test
  void driversAndConductorsAreShown() {
    JsonNode drivers = rig.get("/v1/drivers").expect(200).json().get("drivers");
    assertThat(drivers.get(0).get("name").stringValue()).isEqualTo("fake-hardware");
    assertThat(drivers.get(0).get("hosts").get(0).stringValue()).isEqualTo(ApiRig.HOST);
    JsonNode driver = rig.get("/v1/drivers/fake-hardware").expect(200).json();
    assertThat(driver.get("default_deploy_interface").stringValue()).isEqualTo("fake");
    assertThat(rig.get("/v1/drivers/fake-hardware/properties").expect(200).json().isObject())
        .isTrue();
    rig.get("/v1/drivers/nosuch/properties").expect(404).error();
    rig.get("/v1/drivers?type=nosuch").expect(400).error();
    JsonNode conductors =
        rig.get("/v1/conductors?detail=true").expect(200).json().get("conductors");
    assertThat(conductors.get(0).get("hostname").stringValue()).isEqualTo(ApiRig.HOST);
    assertThat(conductors.get(0).get("alive").booleanValue()).isTrue();
    rig.get("/v1/conductors/" + ApiRig.HOST).expect(200);
  }

  @Test
  void theRootsTellTheVersions() {
    JsonNode root = rig.get("/").expect(200).json();
    assertThat(root.get("default_version").get("version").stringValue()).isEqualTo("1.115");
    assertThat(root.get("versions").get(0).get("min_version").stringValue()).isEqualTo("1.1");
    JsonNode v1 = rig.get("/v1").expect(200).json();
    assertThat(v1.get("id").stringValue()).isEqualTo("v1");
    assertThat(v1.has("allocations")).isTrue();
    assertThat(rig.at("1.51", "GET", "/v1", null).json().has("allocations")).isFalse();
  }

  @Test
  void whatIsNotOfferedYetSaysSo() {
    assertThat(rig.get("/v1/allocations").expect(501).error())
        .isEqualTo("This server does not offer allocation.list yet");
    rig.get("/v1/allocations?nosuch=1").expect(400).error();
  }
}
