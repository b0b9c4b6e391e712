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

  private static final JsonNodeFactory NODES = new JsonMapper().getNodeFactory();

  private final Description description;
  private final Random random;

  /** Values by the name of the member that holds them, for what a schema can't say. */
  private final Map<String, String> known;

  Examples(Description description, Random random, Map<String, String> known) {
    this.description = description;
    this.random = random;
    this.known = known;
  }

  JsonNode value(String name, JsonNode reference) {
    JsonNode schema = description.resolved(reference);
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
    int share = random.nextInt(4);
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
    if (name.equals("path")) {
      return path(pattern);
    }
    if (pattern.contains("{5}")) {
      return "52:54:00:%02x:%02x:%02x"
          .formatted(random.nextInt(256), random.nextInt(256), random.nextInt(256));
    }
    return switch (schema.path("format").asString("")) {
      case "uuid" -> new UUID(random.nextLong(), random.nextLong()).toString();
      case "date-time" -> "2026-01-01T00:00:00+00:00";
      case "uri" -> "http://127.0.0.1/x";
      default -> List.of("a", "CUSTOM_A", "n" + random.nextInt(1000), "x y").get(random.nextInt(4));
    };
  }

  /** A path that the pattern of a JSON patch allows: one of the roots, sometimes more. */
  private String path(String pattern) {
    String[] roots = pattern.substring(3, pattern.indexOf(')')).split("\\|", -1);
    String root = roots[random.nextInt(roots.length)];
    return "/" + root + (random.nextInt(4) == 0 ? "/key" + random.nextInt(3) : "");
  }
}
