package dev.ironic.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes values that a schema allows; the same for the same seed. Not thread-safe. */
final class Examples {

  private static final JsonMapper JSON = new JsonMapper();
  private static final JsonNodeFactory NODES = JSON.getNodeFactory();

  private final Description description;
  private final Random random;

  /** Values by the name of the member that holds them, for what a schema can't say. */
  private final Map<String, String> known;

  Examples(Description description, Random random, Map<String, String> known) {
    this.description = description;
    this.random = random;
    this.known = known;
  }

  /** A body for an operation. */
  JsonNode body(Description.Operation operation) {
    JsonNode schema = operation.body();
    return schema.at("/items/properties/op").isMissingNode()
        ? value("", schema)
        : patch(operation, schema);
  }

  /** Some changes of fields, each to a value that the field may have. */
  private ArrayNode patch(Description.Operation operation, JsonNode schema) {
    JsonNode fields = description.resource(operation).path("properties");
    ArrayNode changes = NODES.arrayNode();
    for (int i = random.nextInt(3); i >= 0; i--) {
      List<String> roots = Description.roots(schema);
      String root = roots.get(random.nextInt(roots.size()));
      JsonNode field = description.resolved(fields.path(root));
      ObjectNode change = changes.addObject();
      String op = List.of("add", "add", "replace", "remove").get(random.nextInt(4));
      boolean below = field.path("type").asString("").equals("object") && random.nextBoolean();
      change.put("op", op);
      change.put("path", "/" + root + (below ? "/key" + random.nextInt(2) : ""));
      if (!op.equals("remove")) {
        change.set("value", below ? NODES.stringNode("v" + random.nextInt(3)) : value(root, field));
      }
    }
    return changes;
  }

  JsonNode value(String name, JsonNode reference) {
    JsonNode schema = description.resolved(reference);
    List<String> typical = TypicalValues.of(name);
    if (!typical.isEmpty() && random.nextInt(8) > 0) {
      return JSON.readTree(typical.get(random.nextInt(typical.size())));
    }
    if (schema.has("anyOf")) {
      return value(name, schema.path("anyOf").path(0));
    }
    JsonNode choice = schema.path("enum");
    if (choice.isArray() && !choice.isEmpty()) {
      return choice.path(random.nextInt(choice.size()));
    }
    JsonNode type = schema.path("type");
    String one =
        type.isArray()
            ? type.path(random.nextInt(type.size())).asString()
            : type.asString("object");
    return switch (one) {
      case "string" -> NODES.stringNode(text(name, schema));
      case "integer" -> NODES.numberNode(1 + random.nextInt(20));
      case "number" -> NODES.numberNode(random.nextDouble());
      case "boolean" -> NODES.booleanNode(random.nextBoolean());
      case "array" -> array(name, schema);
      case "null" -> NODES.nullNode();
      default -> object(schema);
    };
  }

  private ArrayNode array(String name, JsonNode schema) {
    ArrayNode array = NODES.arrayNode();
    for (int i = random.nextInt(3); i >= 0; i--) {
      array.add(value(name, schema.path("items")));
    }
    return array;
  }

  private ObjectNode object(JsonNode schema) {
    ObjectNode object = NODES.objectNode();
    var required = new ArrayList<String>();
    schema.path("required").forEach(name -> required.add(name.asString()));
    int share = random.nextInt(8);
    schema
        .path("properties")
        .forEachEntry(
            (name, member) -> {
              if (required.contains(name) || random.nextInt(10) < share) {
                object.set(name, value(name, member));
              }
            });
    boolean free = schema.path("properties").isEmpty();
    if (free && random.nextBoolean()) {
      object.put("key" + random.nextInt(3), "value" + random.nextInt(3));
    }
    return object;
  }

  private String text(String name, JsonNode schema) {
    String value = known.get(name);
    if (value != null && random.nextInt(10) > 0) {
      return value;
    }
    if (name.endsWith("_interface")) {
      return name.equals("network_interface") ? "noop" : "fake";
    }
    String pattern = schema.path("pattern").asString("");
    if (pattern.contains("{5}")) {
      return "52:54:00:%02x:%02x:%02x"
          .formatted(random.nextInt(256), random.nextInt(256), random.nextInt(256));
    }
    return switch (schema.path("format").asString("")) {
      case "uuid" -> new UUID(random.nextLong(), random.nextLong()).toString();
      case "date-time" -> "2026-01-01T00:00:00+00:00";
      case "uri" -> "http://127.0.0.1/x";
      default ->
          List.of("a", "CUSTOM_N" + random.nextInt(1000), "n" + random.nextInt(1000), "x y")
              .get(random.nextInt(4));
    };
  }
}
