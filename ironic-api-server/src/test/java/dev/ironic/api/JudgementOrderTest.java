package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * What is wrong twice is answered as the original answers it, and what seems wrong but is not is
 * taken. The statuses were measured on Ironic 39.0.0.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JudgementOrderTest {

  private static final String NOWHERE = "/00000000-0000-4000-8000-000000000000";
  private static final String ADDRESS = "52:54:00:dd:00:01";

  private ApiRig rig;
  private String node = "";
  private String port = "";
  private String chassis = "";

  @BeforeAll
  void start(@TempDir Path folder) {
    rig = ApiRig.start(folder);
    node = "/v1/nodes/" + rig.node("twice");
    port = "/v1/ports/" + made("/v1/ports", Map.of("node_ident", "twice", "address", ADDRESS));
    chassis = "/v1/chassis/" + made("/v1/chassis", Map.of("description", "c"));
  }

  @AfterAll
  void stop() {
    rig.close();
  }

  private String made(String path, Map<String, ?> body) {
    return rig.call("POST", path, body).expect(201).json().path("uuid").asString();
  }

  private record Case(int status, String version, String method, String path, Object body) {}

  private static Case patch(int status, String version, String path, String... changes) {
    return new Case(status, version, "PATCH", path, "[" + String.join(",", changes) + "]");
  }

  private static String add(String path, String value) {
    return "{\"op\":\"add\",\"path\":\"%s\",\"value\":%s}".formatted(path, value);
  }

  private static String remove(String path) {
    return "{\"op\":\"remove\",\"path\":\"%s\"}".formatted(path);
  }

  private void assertAnswered(Case expected) {
    String path =
        expected
            .path()
            .replace("{node}", node)
            .replace("{port}", port)
            .replace("{chassis}", chassis);
    rig.at(expected.version(), expected.method(), path, expected.body()).expect(expected.status());
  }

  static Stream<Case> patches() {
    String reset = "{node}?reset_interfaces=true";
    return Stream.of(
        // the form, the parameter's version, the roots, the fields' versions, the parameter's use
        patch(400, "1.1", reset, "5"),
        patch(400, "1.37", reset, remove("/retired_reason/a~1b")),
        patch(406, "1.1", reset, remove("/uuid")),
        patch(406, "1.46", reset, add("/lessee", "{}")),
        patch(400, "1.115", reset, add("/lessee", "\"x\"")),
        patch(406, "1.5", "{node}", remove("/extra/none"), add("/shard", "\"s\"")),
        patch(400, "1.5", "{node}", remove("/uuid"), add("/shard", "\"s\"")),
        patch(400, "1.43", "{node}", add("/network_data/-", "1")),
        patch(400, "1.115", "/v1/nodes" + NOWHERE, remove("/uuid")),
        patch(404, "1.115", "/v1/nodes" + NOWHERE, remove("/extra")),
        // older fields of ports are judged even where they are taken away, newer ones never
        patch(400, "1.115", "/v1/ports" + NOWHERE, remove("/uuid")),
        patch(406, "1.10", "/v1/ports" + NOWHERE, remove("/physical_network")),
        patch(406, "1.5", "{port}", remove("/pxe_enabled")),
        patch(400, "1.5", "{port}", add("/vendor", "{}")),
        patch(200, "1.5", "{port}", add("/vendor", "\"v\"")),
        patch(200, "1.37", "{port}", add("/name", "null")),
        patch(400, "1.20", "{port}", add("/portgroup_uuid/0", "null")),
        patch(200, "1.65", "{port}", remove("/node_uuid")),
        patch(400, "1.115", "{port}", remove("/node_ident")),
        // others are looked for before it is asked what the patch may touch
        patch(400, "1.115", "/v1/chassis" + NOWHERE, add("/bogus", "1")),
        patch(404, "1.115", "/v1/portgroups" + NOWHERE, add("/bogus", "1")),
        patch(404, "1.115", "/v1/volume/targets" + NOWHERE, add("/bogus", "1")),
        patch(400, "1.115", "/v1/portgroups" + NOWHERE, "5"));
  }

  @ParameterizedTest
  @MethodSource("patches")
  void patchesAreJudgedInTheOrderOfTheOriginal(Case expected) {
    assertAnswered(expected);
  }

  static Stream<Case> creations() {
    return Stream.of(
        new Case(400, "1.43", "POST", "/v1/nodes", newNode("network_data", "{\"bad\":1}")),
        new Case(406, "1.43", "POST", "/v1/nodes", newNode("network_data", "{}")),
        new Case(201, "1.10", "POST", "/v1/nodes", newNode("conductor_group", "\"\"")),
        new Case(406, "1.10", "POST", "/v1/nodes", newNode("conductor_group", "null")),
        new Case(201, "1.10", "POST", "/v1/nodes", newNode("shard", "null")),
        new Case(406, "1.89", "POST", "/v1/ports", newPort("description", "null")),
        new Case(400, "1.80", "POST", "/v1/ports", newPort("node_ident", "\"twice\"")),
        new Case(406, "1.10", "POST", "/v1/ports", newPort("pxe_enabled", "null")),
        new Case(201, "1.115", "POST", "/v1/ports", newPort("description", "null")));
  }

  private static String newNode(String field, String value) {
    return "{\"driver\":\"fake-hardware\",\"%s\":%s}".formatted(field, value);
  }

  private static String newPort(String field, String value) {
    return "{\"node_uuid\":\"{uuid}\",\"address\":\"52:54:00:dd:00:02\",\"%s\":%s}"
        .formatted(field, value);
  }

  @ParameterizedTest
  @MethodSource("creations")
  void whatIsTooNewForACreationIsOnlyWhatIsGiven(Case given) {
    String body = ((String) given.body()).replace("{uuid}", node.substring("/v1/nodes/".length()));
    assertAnswered(new Case(given.status(), given.version(), "POST", given.path(), body));
  }

  static Stream<Case> states() {
    String power = "{node}/states/power";
    return Stream.of(
        new Case(400, "1.26", "PUT", power, Map.of("target", "rebooting", "timeout", 0)),
        new Case(406, "1.26", "PUT", power, Map.of("target", "rebooting", "timeout", 5)),
        new Case(406, "1.26", "PUT", power, Map.of("target", "soft rebooting", "timeout", 0)),
        new Case(400, "1.26", "PUT", power, Map.of("target", "rebooting", "timeout", "x")),
        new Case(400, "1.20", "PUT", "{node}/states/secure_boot", Map.of("target", "x")),
        new Case(404, "1.20", "PUT", "{node}/states/secure_boot", Map.of("target", true)),
        new Case(400, "1.75", "PUT", "{node}/states/boot_mode", Map.of("target", true)),
        new Case(404, "1.75", "PUT", "{node}/states/boot_mode", Map.of("target", "x")),
        new Case(404, "1.115", "PUT", "/v1/nodes/none/states/raid", Map.of("logical_disks", 1)),
        new Case(400, "1.115", "PUT", "{node}/states/raid", Map.of("logical_disks", "x")),
        new Case(400, "1.115", "PUT", "{node}/states/raid?logical_disks=x", Map.of()));
  }

  @ParameterizedTest
  @MethodSource("states")
  void typesAreJudgedBeforeVersions(Case expected) {
    assertAnswered(expected);
  }

  static Stream<Case> lists() {
    return Stream.of(
        new Case(400, "1.29", "GET", "/v1/drivers?detail=true&fields=name", ""),
        new Case(406, "1.76", "GET", "/v1/drivers?fields=name", ""),
        new Case(406, "1.80", "GET", "/v1/nodes?detail=true&fields=uuid,shard", ""),
        new Case(400, "1.80", "GET", "/v1/nodes?detail=true&fields=uuid,bogus", ""),
        new Case(406, "1.36", "GET", "/v1/nodes?sort_key=traits", ""),
        new Case(400, "1.37", "GET", "/v1/nodes?sort_key=traits", ""),
        new Case(400, "1.115", "GET", "{node}?fields=states", ""),
        new Case(404, "1.115", "GET", "/v1/nodes" + NOWHERE + "?fields=bogus", ""),
        new Case(406, "1.7", "GET", "/v1/nodes?detail=true&fields=uuid", ""),
        new Case(400, "1.8", "GET", "/v1/nodes?detail=true&fields=uuid", ""),
        new Case(200, "1.115", "GET", "/v1/nodes?parent_node=unheard-of", ""),
        // the last part of a path may name a field
        new Case(406, "1.7", "GET", "{node}/driver", ""),
        new Case(200, "1.8", "GET", "{node}/driver", ""),
        new Case(400, "1.8", "GET", "{chassis}/bogus", ""));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void listsAreJudgedInTheOrderOfTheOriginal(Case expected) {
    assertAnswered(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "[1]", "null", "5", "\"x\""})
  void aBodyThatBringsNoArgumentsDisturbsNoDeletion(String body) {
    rig.call("DELETE", node + "/maintenance", body).expect(202);
    rig.awaitRest(node.substring("/v1/nodes/".length()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/maintenance", "/traits", "/traits/CUSTOM_X", "/vifs/some", "/vmedia", ""})
  void argumentsOfADeletionThatHasNoneAreRefused(String part) {
    assertThat(rig.call("DELETE", node + part, "{\"a\":1}").expect(400).fault())
        .contains("no body");
  }

  @Test
  void linksToPartsCanBeAskedForByName() {
    JsonNode shown = rig.call("GET", chassis + "?fields=nodes", null).expect(200).json();
    assertThat(shown.propertyNames()).containsExactly("nodes", "links");
  }

  @Test
  void allocationsTakeNoListsFromPatches() {
    String uuid = made("/v1/allocations", Map.of("resource_class", "none-such"));
    var list = List.of(Map.of("op", "add", "path", "/extra/a", "value", List.of()));
    rig.call("PATCH", "/v1/allocations/" + uuid, list).expect(400);
    var object = List.of(Map.of("op", "add", "path", "/extra/a", "value", Map.of()));
    rig.call("PATCH", "/v1/allocations/" + uuid, object).expect(200);
  }

  @Test
  void aNumberInABodyIsNoText() {
    var body = new HashMap<String, Object>();
    body.put("node_uuid", node.substring("/v1/nodes/".length()));
    body.put("volume_type", "iscsi");
    body.put("volume_id", "v");
    body.put("boot_index", "1");
    rig.call("POST", "/v1/volume/targets", body).expect(400);
    body.put("boot_index", 1);
    rig.call("POST", "/v1/volume/targets", body).expect(201);
  }

  @Test
  void aPatchThatChangesNothingDoesNotCountAsAnUpdate() {
    String uuid = made("/v1/ports", Map.of("node_ident", "twice", "address", "52:54:00:dd:00:03"));
    var same = List.of(Map.of("op", "remove", "path", "/extra"));
    JsonNode untouched = rig.call("PATCH", "/v1/ports/" + uuid, same).expect(200).json();
    assertThat(untouched.path("updated_at").isNull()).isTrue();
    JsonNode touched = rig.call("PATCH", chassis, same).expect(200).json();
    assertThat(touched.path("updated_at").isString()).as("chassis are the exception").isTrue();
  }

  @Test
  void aReasonThatCameWithTheNodeStaysWhateverElseChanges() {
    var body = Map.of("driver", "fake-hardware", "retired_reason", "old");
    String path = "/v1/nodes/" + made("/v1/nodes", body);
    rig.call("DELETE", path + "/maintenance", null).expect(202);
    var reason = List.of(Map.of("op", "add", "path", "/retired_reason", "value", "older"));
    rig.call("PATCH", path, reason).expect(400);
  }
}
