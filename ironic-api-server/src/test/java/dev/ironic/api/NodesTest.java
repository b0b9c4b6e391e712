package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.model.ProvisionState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodesTest {

  private ApiRig rig;

  @BeforeAll
  void start(@TempDir Path folder) {
    rig = ApiRig.start(folder);
  }

  @AfterAll
  void stop() {
    rig.close();
  }

  private static Map<String, Object> op(String op, String path, Object value) {
    return Map.of("op", op, "path", path, "value", value);
  }

  @Test
  void createsShowsChangesAndDeletes() {
    Reply created =
        rig.call(
                "POST",
                "/v1/nodes",
                Map.of(
                    "driver", "fake-hardware",
                    "name", "full",
                    "driver_info", Map.of("ipmi_password", "hidden", "port", 623),
                    "extra", Map.of("rack", List.of(1, 2)),
                    "resource_class", "baremetal"))
            .expect(201);
    String uuid = created.json().path("uuid").asString();
    assertThat(created.header("Location")).isEqualTo(rig.uri("/v1/nodes/" + uuid).toString());
    JsonNode shown = rig.call("GET", "/v1/nodes/full", null).expect(200).json();
    assertThat(shown.path("uuid").asString()).isEqualTo(uuid);
    assertThat(shown.path("provision_state").asString()).isEqualTo("enroll");
    assertThat(shown.path("driver_info").path("ipmi_password").asString()).isEqualTo("******");
    assertThat(shown.path("driver_info").path("port").asInt()).isEqualTo(623);
    assertThat(shown.path("power_interface").asString()).isEqualTo("fake");

    JsonNode changed =
        rig.call(
                "PATCH",
                "/v1/nodes/full",
                List.of(
                    op("add", "/extra/row", "b"),
                    op("replace", "/resource_class", "gold"),
                    Map.of("op", "remove", "path", "/extra/rack")))
            .expect(200)
            .json();
    assertThat(changed.path("extra").toString()).isEqualTo("{\"row\":\"b\"}");
    assertThat(changed.path("resource_class").asString()).isEqualTo("gold");
    assertThat(changed.path("updated_at").isNull()).isFalse();

    rig.call("DELETE", "/v1/nodes/full", null).expect(204);
    assertThat(rig.call("GET", "/v1/nodes/full", null).expect(404).fault()).contains("full");
  }

  @Test
  void aPatchThatFailsHalfwayChangesNothing() {
    String node = rig.node("untouched");
    rig.call(
            "PATCH",
            "/v1/nodes/" + node,
            List.of(op("add", "/extra/first", 1), op("replace", "/extra/absent", 2)))
        .expect(400)
        .fault();
    assertThat(rig.call("GET", "/v1/nodes/" + node, null).json().path("extra").isEmpty()).isTrue();
  }

  @Test
  void refusesNamesThatAreTaken() {
    rig.node("taken");
    Map<String, String> body = Map.of("driver", "fake-hardware", "name", "taken");
    assertThat(rig.call("POST", "/v1/nodes", body).expect(409).fault()).contains("taken");
  }

  @Test
  void walksAListPageByPage() {
    for (int i = 0; i < 7; i++) {
      rig.node("page-" + i);
    }
    var seen = new ArrayList<String>();
    String path = "/v1/nodes?fields=uuid,name&sort_key=name&limit=3";
    for (int pages = 0; pages < 50; pages++) {
      JsonNode page = rig.call("GET", path, null).expect(200).json();
      page.path("nodes").forEach(node -> seen.add(node.path("name").asString()));
      if (!page.has("next")) {
        break;
      }
      path = page.path("next").asString().substring(rig.uri("").toString().length());
    }
    assertThat(seen).isSorted().doesNotHaveDuplicates().contains("page-0", "page-6");
    rig.call("GET", "/v1/nodes?limit=0", null).expect(400).fault();
    rig.call("GET", "/v1/nodes?marker=11111111-1111-1111-1111-111111111111", null)
        .expect(404)
        .fault();
    rig.call("GET", "/v1/nodes?sort_key=driver_info", null).expect(400).fault();
  }

  @Test
  void goesThroughItsLife() {
    String node = rig.node("life");
    rig.call("PUT", states(node, "provision"), Map.of("target", "provide")).expect(400).fault();
    Reply accepted =
        rig.call("PUT", states(node, "provision"), Map.of("target", "manage")).expect(202);
    assertThat(accepted.body()).isEmpty();
    assertThat(accepted.header("Location"))
        .isEqualTo(rig.uri("/v1/nodes/" + node + "/states").toString());
    rig.await(node, ProvisionState.MANAGEABLE);
    rig.provision(node, "provide");
    rig.await(node, ProvisionState.AVAILABLE);
    rig.call(
            "PUT",
            states(node, "provision"),
            Map.of("target", "active", "configdrive", Map.of("meta_data", Map.of("a", "b"))))
        .expect(202);
    rig.await(node, ProvisionState.ACTIVE);
    JsonNode states = rig.call("GET", "/v1/nodes/life/states", null).expect(200).json();
    assertThat(states.path("provision_state").asString()).isEqualTo("active");
    assertThat(states.path("target_provision_state").isNull()).isTrue();
    JsonNode flows = rig.call("GET", "/v1/nodes/life/flows", null).expect(200).json();
    assertThat(flows.path("flows").path(0).path("kind").asString()).isEqualTo("deploy");
    rig.call("DELETE", "/v1/nodes/life", null).expect(409).fault();
    rig.provision(node, "deleted");
    rig.await(node, ProvisionState.AVAILABLE);
  }

  @Test
  void refusesWhatAVerbCannotTakeBeforeItLooksAtTheState() {
    String node = rig.node("verbs");
    rig.provision(node, "manage");
    rig.await(node, ProvisionState.MANAGEABLE);
    for (Object body :
        List.of(
            Map.of("target", "clean"),
            Map.of("target", "clean", "clean_steps", List.of()),
            Map.of("target", "clean", "clean_steps", List.of(Map.of("interface", "deploy"))),
            Map.of("target", "active", "configdrive", "###"),
            Map.of("target", "active", "configdrive", Map.of("x", 1)),
            Map.of("target", "provide", "rescue_password", "x"),
            Map.of("target", "fly"))) {
      rig.call("PUT", states(node, "provision"), body).expect(400).fault();
    }
    assertThat(rig.await(node, ProvisionState.MANAGEABLE).lastError()).isNull();
  }

  @Test
  void switchesPower() {
    String node = rig.node("power");
    rig.call("PUT", states(node, "power"), Map.of("target", "power on")).expect(202);
    assertThat(rig.awaitRest(node).powerState()).hasToString("POWER_ON");
    rig.call("PUT", states(node, "power"), Map.of("target", "soft power off", "timeout", 5))
        .expect(202);
    assertThat(rig.awaitRest(node).powerState()).hasToString("POWER_OFF");
    rig.call("PUT", states(node, "power"), Map.of("target", "explode")).expect(400).fault();
    rig.call("PUT", states(node, "power"), Map.of("target", "power on", "timeout", 0))
        .expect(400)
        .fault();
  }

  @Test
  void entersAndLeavesMaintenance() {
    String node = rig.node("maintained");
    rig.call("PUT", "/v1/nodes/" + node + "/maintenance", Map.of("reason", "fan")).expect(202);
    JsonNode shown = rig.call("GET", "/v1/nodes/" + node, null).json();
    assertThat(shown.path("maintenance").asBoolean()).isTrue();
    assertThat(shown.path("maintenance_reason").asString()).isEqualTo("fan");
    rig.call("DELETE", "/v1/nodes/" + node + "/maintenance", null).expect(202);
    assertThat(
            rig.call("GET", "/v1/nodes/" + node, null).json().path("maintenance_reason").isNull())
        .isTrue();
  }

  @Test
  void asksTheHardware() {
    String node = rig.node("hardware");
    String path = "/v1/nodes/" + node;
    JsonNode checks = rig.call("GET", path + "/validate", null).expect(200).json();
    assertThat(checks.path("power").path("result").asBoolean()).isTrue();
    rig.call("PUT", path + "/management/boot_device", Map.of("boot_device", "pxe")).expect(204);
    assertThat(
            rig.call("GET", path + "/management/boot_device", null)
                .expect(200)
                .json()
                .path("boot_device")
                .asString())
        .isEqualTo("pxe");
    rig.call("PUT", path + "/management/boot_device", Map.of("boot_device", "tape"))
        .expect(400)
        .fault();
    assertThat(
            rig.call("GET", path + "/management/boot_device/supported", null)
                .expect(200)
                .json()
                .path("supported_boot_devices")
                .toString())
        .contains("pxe");
  }

  @Test
  void keepsTraits() {
    String node = rig.node("traits");
    String path = "/v1/nodes/" + node + "/traits";
    rig.call("PUT", path, Map.of("traits", List.of("CUSTOM_A", "HW_CPU_X86_VMX"))).expect(204);
    rig.call("PUT", path + "/CUSTOM_B", null).expect(204);
    rig.call("DELETE", path + "/CUSTOM_A", null).expect(204);
    assertThat(rig.call("GET", path, null).expect(200).json().path("traits").toString())
        .contains("CUSTOM_B", "HW_CPU_X86_VMX")
        .doesNotContain("CUSTOM_A");
    rig.call("PUT", path + "/not-a-trait", null).expect(400).fault();
    rig.call("DELETE", path, null).expect(204);
  }

  private static String states(String node, String what) {
    return "/v1/nodes/" + node + "/states/" + what;
  }
}
