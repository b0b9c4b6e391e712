package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The OpenAPI document of a version, as a client reads it. Not thread-safe. */
final class Description {

  private static final JsonMapper JSON = new JsonMapper();

  /** One operation of the document. */
  record Operation(String id, String method, String path, JsonNode node) {

    /** The parameters that stand in a place: path or query. */
    List<JsonNode> parameters(String place) {
      var found = new ArrayList<JsonNode>();
      for (JsonNode parameter : node.path("parameters")) {
        if (parameter.path("in").asString("").equals(place)) {
          found.add(parameter);
        }
      }
      return found;
    }

    /** The schema of the body, or a missing node. */
    JsonNode body() {
      return node.path("requestBody").path("content").path("application/json").path("schema");
    }

    /** What is said of an answer with a status. */
    JsonNode response(int status) {
      JsonNode response = node.path("responses").path(String.valueOf(status));
      return response.isMissingNode() && status >= 400
          ? node.path("responses").path("default")
          : response;
    }

    boolean isWrite() {
      return !method.equals("GET");
    }
  }

  private final JsonNode document;
  private final List<Operation> operations = new ArrayList<>();
  private final Map<String, Schema> schemas = new HashMap<>();
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder.schemaRegistryConfig(
                  SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

  Description(JsonNode document) {
    this.document = document;
    document
        .path("paths")
        .forEachEntry(
            (path, item) ->
                item.forEachEntry(
                    (method, node) ->
                        operations.add(
                            new Operation(
                                node.path("operationId").asString(),
                                method.toUpperCase(Locale.ROOT),
                                path,
                                node))));
  }

  static Description of(ApiRig rig, String version) {
    return new Description(rig.at(version, "GET", "/v1/openapi.json", null).expect(200).json());
  }

  JsonNode document() {
    return document;
  }

  List<Operation> operations() {
    return operations;
  }

  @Nullable Operation find(String id) {
    return operations.stream().filter(o -> o.id().equals(id)).findFirst().orElse(null);
  }

  /** The schema of what an operation makes or changes, or a missing node. */
  JsonNode resource(Operation operation) {
    String id = operation.id().replace(".at", "");
    String name = id.substring(0, Math.max(0, id.lastIndexOf('.'))).replace('.', '_');
    return document.at("/components/schemas/" + name);
  }

  /** The fields that a patch may change. */
  static List<String> roots(JsonNode patch) {
    String pattern = patch.at("/items/properties/path/pattern").asString();
    return List.of(pattern.substring(3, pattern.indexOf(')')).split("\\|", -1));
  }

  /** The schema that a reference means, or the schema itself. */
  JsonNode resolved(JsonNode schema) {
    String reference = schema.path("$ref").asString("");
    return reference.isEmpty() ? schema : document.at(reference.substring(1));
  }

  /** Checks that an answer is one of those that the document promises. */
  void check(Operation operation, Reply reply) {
    String what = operation.id() + " at " + document.path("info").path("version").asString();
    JsonNode response = operation.response(reply.status());
    assertThat(response.isMissingNode())
        .as("%s may not answer %d: %s", what, reply.status(), reply.text())
        .isFalse();
    JsonNode schema = response.path("content").path("application/json").path("schema");
    if (schema.isMissingNode()) {
      if (!response.path("content").has("text/html")) {
        assertThat(reply.text()).as("%s with status %d", what, reply.status()).isEmpty();
      }
      return;
    }
    var errors =
        schemas
            .computeIfAbsent(operation.id() + " " + reply.status(), key -> compiled(schema))
            .validate(reply.json());
    assertThat(errors).as("%s answered %s", what, reply.text()).isEmpty();
    if (response.path("headers").has("Location")) {
      assertThat(reply.header("Location")).as("%s: Location", what).startsWith("http://");
    }
  }

  /** Checks that a body that the server took is one of those that the document allows. */
  void checkBody(Operation operation, Object body) {
    assertThat(operation.body().isMissingNode()).as("%s has a body", operation.id()).isFalse();
    var errors =
        schemas
            .computeIfAbsent(operation.id() + " body", key -> compiled(operation.body()))
            .validate(JSON.<JsonNode>valueToTree(body));
    assertThat(errors).as("%s took %s", operation.id(), body).isEmpty();
  }

  private Schema compiled(JsonNode schema) {
    var root = JSON.createObjectNode();
    root.set("components", document.path("components"));
    root.putArray("allOf").add(schema);
    return registry.getSchema(root);
  }
}
