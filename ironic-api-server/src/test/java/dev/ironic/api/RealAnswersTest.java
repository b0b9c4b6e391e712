package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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

  private Reply send(Description description, String version, String id, String query) {
    Description.Operation operation = description.find(id);
    assertThat(operation).as(id).isNotNull();
    if (operation == null) {
      throw new AssertionError(id);
    }
    Reply reply = rig.at(version, operation.method(), objects.path(operation.path()) + query, null);
    description.check(operation, reply);
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
    Reply reply = send(description, version, id, "");
    if (reply.status() < 300) {
      defaults(operation, reply);
    }
    for (JsonNode parameter : operation.parameters("query")) {
      switch (parameter.path("name").asString()) {
        case "fields" -> {
          for (JsonNode field : parameter.at("/schema/items/enum")) {
            send(description, version, id, "?fields=" + field.asString());
          }
        }
        case "detail" -> send(description, version, id, "?detail=true");
        case "sort_key" -> {
          for (JsonNode field : parameter.at("/schema/enum")) {
            send(description, version, id, "?limit=1&sort_key=" + field.asString());
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
}
