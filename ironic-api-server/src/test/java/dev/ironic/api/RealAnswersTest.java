package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What a running server answers is what its OpenAPI document promises. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealAnswersTest {

  private ApiRig rig;
  private SampleObjects objects;
  private final Set<String> seen = new TreeSet<>();

  @BeforeAll
  void start(@TempDir Path folder) {
    rig = ApiRig.start(folder);
    objects = new SampleObjects(rig);
    objects.complete();
  }

  @AfterAll
  void stop() {
    rig.close();
  }

  static java.util.stream.Stream<String> versions() {
    return OpenApiTest.versions();
  }

  private Reply send(
      Description description, String version, String id, String query, @Nullable Object body) {
    Description.Operation operation = description.find(id);
    assertThat(operation).as(id).isNotNull();
    if (operation == null) {
      throw new AssertionError(id);
    }
    Reply reply = rig.at(version, operation.method(), objects.path(operation.path()) + query, body);
    description.check(operation, reply);
    if (reply.status() < 300) {
      seen.add(id);
    }
    return reply;
  }

  @ParameterizedTest
  @MethodSource("versions")
  void whatIsReadIsAsDescribed(String version) {
    var all = new SoftAssertions();
    Description description = Description.of(rig, version);
    for (Description.Operation operation : description.operations()) {
      if (!operation.isWrite()) {
        all.check(() -> read(description, version, operation));
      }
    }
    all.assertAll();
  }

  private void read(Description description, String version, Description.Operation operation) {
    String id = operation.id();
    Reply reply = send(description, version, id, "", null);
    if (reply.status() < 300) {
      defaults(operation, reply);
    }
    for (JsonNode parameter : operation.parameters("query")) {
      switch (parameter.path("name").asString()) {
        case "fields" -> {
          for (JsonNode field : parameter.at("/schema/items/enum")) {
            send(description, version, id, "?fields=" + field.asString(), null);
          }
        }
        case "detail" -> send(description, version, id, "?detail=true", null);
        case "sort_key" -> {
          for (JsonNode field : parameter.at("/schema/enum")) {
            send(description, version, id, "?limit=1&sort_key=" + field.asString(), null);
          }
        }
        default -> {}
      }
    }
  }

  /** A list that nobody chose fields for shows the fields that the document names. */
  private static void defaults(Description.Operation operation, Reply reply) {
    JsonNode properties =
        operation.node().at("/responses/200/content/application~1json/schema/properties");
    properties.forEachEntry(
        (key, schema) -> {
          var names = new ArrayList<String>();
          schema.path("x-default-fields").forEach(name -> names.add(name.asString()));
          if (!names.isEmpty()) {
            for (JsonNode row : reply.json().path(key)) {
              assertThat(row.propertyNames())
                  .as(operation.id())
                  .containsExactlyInAnyOrderElementsOf(names);
            }
          }
        });
  }

  @Test
  void whatIsWrittenIsAsDescribed() {
    String version = ApiRig.LATEST;
    Description description = Description.of(rig, version);
    String node = objects.ident("node_ident");
    var bodies = new LinkedHashMap<String, Map<String, ?>>();
    bodies.put("node.create", Map.of("driver", "fake-hardware"));
    bodies.put("port.create", Map.of("node_uuid", node, "address", "52:54:00:99:00:01"));
    bodies.put("portgroup.create", Map.of("node_uuid", node));
    bodies.put("chassis.create", Map.of());
    bodies.put("deploy_template.create", Map.of("name", "CUSTOM_B", "steps", SampleObjects.STEPS));
    bodies.put(
        "volume.connector.create", Map.of("node_uuid", node, "type", "ip", "connector_id", "y"));
    bodies.put(
        "volume.target.create",
        Map.of("node_uuid", node, "volume_type", "iscsi", "volume_id", "w", "boot_index", 1));
    bodies.put("allocation.create", Map.of("resource_class", "none"));
    bodies.forEach((id, body) -> send(description, version, id, "", body).expect(201));
    var patch = List.of(Map.of("op", "add", "path", "/extra/a", "value", 1));
    for (String id :
        List.of(
            "node.update",
            "port.update",
            "portgroup.update",
            "chassis.update",
            "deploy_template.update",
            "runbook.update",
            "volume.connector.update",
            "volume.target.update",
            "allocation.update")) {
      Reply reply = send(description, version, id, "", patch);
      assertThat(reply.status()).as("%s: %s", id, reply.text()).isIn(200, 400, 409);
    }
    send(
            description,
            version,
            "inspection_rule.update",
            "",
            List.of(Map.of("op", "replace", "path", "/description", "value", "d")))
        .expect(200);
    send(description, version, "node.states.power", "", Map.of("target", "power on")).expect(202);
    rig.awaitRest(node);
    send(description, version, "node.maintenance.set", "", Map.of("reason", "r")).expect(202);
    send(description, version, "node.maintenance.clear", "", null).expect(202);
    send(description, version, "node.boot_device.set", "", Map.of("boot_device", "pxe"))
        .expect(204);
    send(description, version, "node.trait.replace", "", Map.of("traits", List.of("CUSTOM_A")))
        .expect(204);
    send(description, version, "node.trait.add", "", null).expect(204);
    send(description, version, "runbook.trait.add", "", null).expect(204);
    send(description, version, "runbook.trait.clear", "", null).expect(204);
    send(description, version, "node.states.console.set", "", Map.of("enabled", true)).expect(202);
    rig.awaitRest(node);
    send(
        description,
        version,
        "node.vendor_passthru.post",
        "?method=second_method",
        Map.of("bar", "x"));
    rig.awaitRest(node);
    send(description, version, "node.vif.attach", "", Map.of("id", "x"));
    send(description, version, "event.create", "", Map.of("events", List.of())).fault();
    send(description, version, "node.states.provision", "", Map.of("target", "fly")).expect(400);
    for (String id :
        List.of(
            "port.delete",
            "inspection_rule.delete",
            "runbook.delete",
            "deploy_template.delete",
            "volume.connector.delete",
            "chassis.delete",
            "node.allocation.delete")) {
      Reply reply = send(description, version, id, "", null);
      assertThat(reply.status()).as("%s: %s", id, reply.text()).isIn(204, 400, 404, 409);
    }
    assertThat(seen).hasSizeGreaterThan(30);
  }
}
