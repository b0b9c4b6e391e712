package dev.ironic.core.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The project's own copy of what clients may rely on, and the same read from a description. */
final class Contract {

  /** One fact; its columns depend on the kind of fact, the fourth or fifth is the version. */
  record Fact(List<String> columns) {
    String kind() {
      return columns.get(0);
    }

    String at(int column) {
      return columns.get(column);
    }

    int since() {
      return Integer.parseInt(at(kind().equals("operation") ? 4 : 3));
    }
  }

  private final List<Fact> facts = read();

  List<Fact> facts() {
    return facts;
  }

  private static List<Fact> read() {
    try (InputStream in = Contract.class.getResourceAsStream("contract.tsv")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().map(line -> new Fact(List.of(line.split("\t", -1)))).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What there must be at a version, and nothing else. */
  Set<String> expected(ApiVersion version) {
    var lines = new TreeSet<String>();
    for (Fact fact : facts) {
      // Served at the oldest version, and then no more until it got its present form.
      boolean oldest = fact.at(1).equals("ramdisk.continue_inspection") && version.minor() == 1;
      if (version.atLeast(fact.since()) || oldest) {
        lines.add(line(fact, version));
      }
    }
    return lines;
  }

  private String line(Fact fact, ApiVersion version) {
    return switch (fact.kind()) {
      case "operation" ->
          "operation %s %s %s %s"
              .formatted(fact.at(1), fact.at(2), unnamed(fact.at(3)), fact.at(6));
      case "query" -> "query " + fact.at(1) + " " + fact.at(2);
      case "body" -> "body %s %s %s".formatted(fact.at(1), fact.at(2), fact.at(4));
      case "field" ->
          "field %s %s %s %s %s %s"
              .formatted(
                  fact.at(1),
                  fact.at(2),
                  fact.at(4),
                  fact.at(5),
                  fact.at(6),
                  canBePatched(fact.at(1), version) ? fact.at(7) : "-");
      case "document" -> "document %s %s %s".formatted(fact.at(1), fact.at(2), fact.at(4));
      default -> String.join(" ", fact.columns().subList(0, 3));
    };
  }

  /** Some objects could be made before they could be changed. */
  private boolean canBePatched(String resource, ApiVersion version) {
    String update = resource.replace("volume_", "volume.") + ".update";
    return facts.stream()
        .anyMatch(
            fact ->
                fact.kind().equals("operation")
                    && fact.at(1).equals(update)
                    && version.atLeast(fact.since()));
  }

  private static String unnamed(String path) {
    return path.replaceAll("\\{[a-z_]+}", "{}");
  }

  /** What a description says there is. Operations of our own are left out. */
  Set<String> described(Map<String, @Nullable Object> document) {
    var lines = new TreeSet<String>();
    var schemas = Json.object(Json.object(document.get("components")).get("schemas"));
    var creations = new java.util.TreeMap<String, Set<String>>();
    var patches = new java.util.TreeMap<String, Set<String>>();
    Set<String> ids = idsOfContract();
    Json.object(document.get("paths"))
        .forEach(
            (path, item) ->
                Json.object(item)
                    .forEach(
                        (method, one) -> {
                          var operation = Json.object(one);
                          String id = String.valueOf(operation.get("operationId"));
                          if (ids.contains(id)) {
                            operation(lines, id, method, path, operation, creations, patches);
                          }
                        }));
    for (String name : names("field")) {
      for (var field : properties(schemas.get(name)).entrySet()) {
        lines.add(
            "field %s %s %s %s %s %s"
                .formatted(
                    name,
                    field.getKey(),
                    type(Json.object(field.getValue())),
                    isNullable(field.getValue()) ? "null" : "-",
                    creations.getOrDefault(name, Set.of()).contains(field.getKey())
                        ? "create"
                        : "-",
                    !field.getKey().equals("uuid")
                            && patches.getOrDefault(name, Set.of()).contains(field.getKey())
                        ? "patch"
                        : "-"));
      }
      var fields = properties(schemas.get(name)).keySet();
      creations.getOrDefault(name, Set.of()).stream()
          .filter(field -> !fields.contains(field))
          .forEach(field -> lines.add("create " + name + " " + field));
      patches.getOrDefault(name, Set.of()).stream()
          .filter(field -> !fields.contains(field) || field.equals("uuid"))
          .forEach(field -> lines.add("patch " + name + " " + field));
    }
    for (String name : names("document")) {
      properties(schemas.get(name))
          .forEach(
              (member, schema) ->
                  lines.add(
                      "document %s %s %s"
                          .formatted(name, member, isNullable(schema) ? "null" : "-")));
    }
    return lines;
  }

  private Set<String> idsOfContract() {
    var ids = new TreeSet<String>();
    facts.stream().filter(f -> f.kind().equals("operation")).forEach(f -> ids.add(f.at(1)));
    return ids;
  }

  private Set<String> names(String kind) {
    var names = new TreeSet<String>();
    facts.stream().filter(f -> f.kind().equals(kind)).forEach(f -> names.add(f.at(1)));
    return names;
  }

  private static void operation(
      Set<String> lines,
      String id,
      String method,
      String path,
      Map<String, @Nullable Object> operation,
      Map<String, Set<String>> creations,
      Map<String, Set<String>> patches) {
    String status =
        Json.object(operation.get("responses")).keySet().stream()
            .filter(s -> s.startsWith("2"))
            .findFirst()
            .orElse("-");
    lines.add(
        "operation %s %s %s %s"
            .formatted(id, method.toUpperCase(java.util.Locale.ROOT), unnamed(path), status));
    var parameters = operation.get("parameters") instanceof List<?> list ? list : List.of();
    for (Object one : parameters) {
      var parameter = Json.object(one);
      if ("query".equals(parameter.get("in")) && !parameter.containsKey("description")) {
        lines.add("query " + id + " " + parameter.get("name"));
      }
    }
    var media = Json.object(Json.object(operation.get("requestBody")).get("content"));
    var schema = Json.object(Json.object(media.get("application/json")).get("schema"));
    String resource = id.substring(0, id.lastIndexOf('.')).replace("volume.", "volume_");
    if (id.endsWith(".create") && !id.equals("event.create")) {
      creations.put(resource, properties(schema).keySet());
    } else if (id.endsWith(".update")) {
      var path0 = Json.object(properties(Json.object(schema.get("items"))).get("path"));
      String pattern = String.valueOf(path0.get("pattern"));
      var roots = pattern.substring(3, pattern.indexOf(')')).split("\\|", -1);
      patches.put(resource, new TreeSet<>(List.of(roots)));
    } else {
      var required = schema.get("required") instanceof List<?> list ? list : List.of();
      properties(schema)
          .keySet()
          .forEach(
              name ->
                  lines.add(
                      "body %s %s %s"
                          .formatted(id, name, required.contains(name) ? "required" : "-")));
    }
  }

  private static Map<String, @Nullable Object> properties(@Nullable Object schema) {
    return Json.object(Json.object(schema).get("properties"));
  }

  private static boolean isNullable(@Nullable Object schema) {
    var map = Json.object(schema);
    return (map.get("type") instanceof List<?> types && types.contains("null"))
        || map.containsKey("anyOf");
  }

  private static String type(Map<String, @Nullable Object> schema) {
    if (schema.containsKey("$ref")) {
      return "links";
    }
    var types = new ArrayList<String>();
    Object type = schema.get("type");
    if (type instanceof List<?> list) {
      list.forEach(t -> types.add(String.valueOf(t)));
      types.remove("null");
    } else {
      types.add(String.valueOf(type));
    }
    String format = String.valueOf(schema.get("format"));
    return switch (types.get(0)) {
      case "string" ->
          switch (format) {
            case "uuid" -> "uuid";
            case "date-time" -> "datetime";
            default ->
                !schema.containsKey("pattern")
                    ? "string"
                    : schema.containsKey("maxLength") ? "uuid|name" : "mac";
          };
      case "array" -> "array<" + Json.object(schema.get("items")).get("type") + ">";
      default -> types.get(0);
    };
  }
}
