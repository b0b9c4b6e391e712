package dev.ironic.core.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says in JSON Schema what the tables say, for one version. Immutable. */
final class Schemas {

  private static final String REFERENCE = "#/components/schemas/";
  private static final String MAC = "^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$";

  /** The resources by the names that other tables use. */
  static final Map<String, Resource<?>> RESOURCES = resources();

  private final ApiVersion version;
  private final Map<String, Map<String, Shape.Member>> documents;

  Schemas(ApiVersion version, Map<String, Map<String, Shape.Member>> documents) {
    this.version = version;
    this.documents = documents;
  }

  private static Map<String, Resource<?>> resources() {
    var all = new LinkedHashMap<String, Resource<?>>();
    all.put("node", NodeTable.NODE);
    all.put("port", ConnectionTables.PORT);
    all.put("portgroup", ConnectionTables.PORTGROUP);
    all.put("volume_connector", ConnectionTables.VOLUME_CONNECTOR);
    all.put("volume_target", ConnectionTables.VOLUME_TARGET);
    all.put("chassis", CatalogueTables.CHASSIS);
    all.put("allocation", CatalogueTables.ALLOCATION);
    all.put("deploy_template", CatalogueTables.DEPLOY_TEMPLATE);
    all.put("runbook", CatalogueTables.RUNBOOK);
    all.put("inspection_rule", CatalogueTables.INSPECTION_RULE);
    all.put("conductor", ReportTables.CONDUCTOR);
    all.put("bios_setting", ReportTables.BIOS_SETTING);
    all.put("firmware_component", ReportTables.FIRMWARE_COMPONENT);
    all.put("history_event", ReportTables.HISTORY_EVENT);
    return all;
  }

  static Resource<?> resource(String name) {
    Resource<?> resource = RESOURCES.get(name);
    if (resource == null) {
      throw new IllegalStateException("There is no table for " + name);
    }
    return resource;
  }

  /** A schema from alternating names and values. */
  static Map<String, @Nullable Object> map(Object... parts) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    for (int i = 0; i < parts.length; i += 2) {
      map.put((String) parts[i], parts[i + 1]);
    }
    return map;
  }

  static Map<String, @Nullable Object> reference(String name) {
    return map("$ref", REFERENCE + name);
  }

  /** The schemas that others refer to. */
  Map<String, @Nullable Object> components() {
    Map<String, @Nullable Object> all = map();
    RESOURCES.forEach(
        (name, resource) -> {
          if (!resource.whole(version).isEmpty()) {
            all.put(name, whole(resource));
          }
        });
    documents.forEach(
        (name, members) -> {
          if (members.values().stream().anyMatch(member -> version.atLeast(member.since()))) {
            all.put(name, document(members));
          }
        });
    all.put("links", map("type", "array", "items", linkOrLinks()));
    all.put("fault", fault());
    all.put("error", error());
    return all;
  }

  /** Some lists of links hold, for the sake of old clients, one list of links. */
  private static Map<String, @Nullable Object> linkOrLinks() {
    var link = reference("link");
    return map("anyOf", List.of(link, map("type", "array", "items", link)));
  }

  private static Map<String, @Nullable Object> fault() {
    var fault =
        map(
            "faultcode",
            map("type", "string", "enum", List.of("Client", "Server")),
            "faultstring",
            map("type", "string"),
            "debuginfo",
            map("type", List.of("string", "null")));
    return map(
        "type", "object", "properties", fault, "required", List.of("faultcode", "faultstring"));
  }

  private static Map<String, @Nullable Object> error() {
    var wrapped =
        map(
            "type",
            "object",
            "description",
            "error_message is a JSON document in a text: a fault, or code, title and description",
            "properties",
            map("error_message", map("type", "string", "contentMediaType", "application/json")),
            "required",
            List.of("error_message"));
    return map("anyOf", List.of(wrapped, reference("fault")));
  }

  private Map<String, @Nullable Object> whole(Resource<?> resource) {
    Map<String, @Nullable Object> properties = map();
    resource.whole(version).forEach(field -> properties.put(field.name(), shown(field)));
    return map("type", "object", "properties", properties, "additionalProperties", false);
  }

  private Map<String, @Nullable Object> document(Map<String, Shape.Member> members) {
    Map<String, @Nullable Object> properties = map();
    var required = new ArrayList<String>();
    members.forEach(
        (name, member) -> {
          if (version.atLeast(member.since())) {
            properties.put(name, member(member));
            if (!member.optional()) {
              required.add(name);
            }
          }
        });
    return object(properties, required, false);
  }

  private Map<String, @Nullable Object> member(Shape.Member member) {
    Map<String, @Nullable Object> schema;
    String of = member.of();
    if (of == null) {
      schema =
          member.type().equals("number")
              ? map("type", "number")
              : type(FieldType.ofWireName(member.type()));
    } else {
      schema = member.only().isEmpty() ? reference(of) : only(of, member.only());
      if (member.type().equals("array<object>")) {
        schema = map("type", "array", "items", schema);
      }
    }
    if (!member.oneOf().isEmpty()) {
      schema.put("enum", List.copyOf(member.oneOf()));
    }
    if (member.nullable()) {
      schema = nullable(schema);
    }
    if (member.since() > 1) {
      schema.put("x-since", "1." + member.since());
    }
    return schema;
  }

  /** An object of which only some fields are shown. */
  Map<String, @Nullable Object> only(String name, List<String> fields) {
    Map<String, @Nullable Object> properties = map();
    for (Field<?> field : resource(name).whole(version)) {
      if (fields.contains(field.name())) {
        properties.put(field.name(), shown(field));
      }
    }
    return object(properties, List.copyOf(properties.keySet()), false);
  }

  /** A field as answers show it. */
  private static Map<String, @Nullable Object> shown(Field<?> field) {
    Map<String, @Nullable Object> schema = described(field);
    if (!field.settable()) {
      schema.put("readOnly", true);
    }
    if (field.is(Mark.MASKED)) {
      schema.put("description", "Secrets in it are shown as ******");
      schema.put("x-masked", true);
    }
    return schema;
  }

  private static Map<String, @Nullable Object> described(Field<?> field) {
    Map<String, @Nullable Object> schema = type(field.type());
    if (field.maxLength() > 0) {
      schema.put("maxLength", field.maxLength());
    }
    if (field.is(Mark.NOT_EMPTY)) {
      schema.put("minLength", 1);
    }
    if (!field.oneOf().isEmpty()) {
      schema.put("enum", List.copyOf(field.oneOf()));
    }
    if (field.is(Mark.NULLABLE)) {
      schema = nullable(schema);
    }
    if (field.since() > 1) {
      schema.put("x-since", "1." + field.since());
    }
    return schema;
  }

  private static Map<String, @Nullable Object> nullable(Map<String, @Nullable Object> schema) {
    if (!(schema.get("type") instanceof String type)) {
      return schema.containsKey("$ref")
          ? map("anyOf", List.of(schema, map("type", "null")))
          : schema;
    }
    schema.put("type", List.of(type, "null"));
    if (schema.get("enum") instanceof List<?> values) {
      var all = new ArrayList<@Nullable Object>(values);
      all.add(null);
      schema.put("enum", all);
    }
    return schema;
  }

  /** A value of a type. */
  static Map<String, @Nullable Object> type(FieldType type) {
    return switch (type) {
      case STRING, CSV -> map("type", "string");
      case UUID -> map("type", "string", "format", "uuid");
      case IDENT ->
          map("type", "string", "pattern", "^[A-Za-z0-9._~-]+$", "minLength", 1, "maxLength", 255);
      case MAC -> map("type", "string", "pattern", MAC);
      case BOOLEAN -> map("type", "boolean");
      case INTEGER -> map("type", "integer");
      case DATETIME -> map("type", "string", "format", "date-time");
      case OBJECT -> map("type", "object");
      case STRINGS -> map("type", "array", "items", map("type", "string"));
      case OBJECTS -> map("type", "array", "items", map("type", "object"));
      case LINKS -> reference("links");
      case CONFIG_DRIVE -> map("type", List.of("string", "object", "null"));
    };
  }

  /** A query parameter, or a member of a body. */
  static Map<String, @Nullable Object> argument(Operation.Member member) {
    FieldType type = FieldType.ofWireName(member.type());
    Map<String, @Nullable Object> schema = type(type);
    if (!member.oneOf().isEmpty() && type != FieldType.CSV) {
      schema.put("enum", List.copyOf(member.oneOf()));
    }
    if (member.minimum() != null) {
      schema.put("minimum", member.minimum());
    }
    if (member.since() > 1) {
      schema.put("x-since", "1." + member.since());
    }
    return schema;
  }

  /** The body that makes an object. */
  Map<String, @Nullable Object> creation(String name, Map<String, Operation.Member> more) {
    Map<String, @Nullable Object> properties = map();
    var required = new ArrayList<String>();
    for (Field<?> field : resource(name).whole(version)) {
      if (field.is(Mark.CREATE)) {
        properties.put(field.name(), described(field));
        if (field.is(Mark.REQUIRED)) {
          required.add(field.name());
        }
      }
    }
    more.forEach(
        (member, row) -> {
          if (version.atLeast(row.since())) {
            properties.put(member, nullable(argument(row)));
          }
        });
    return object(properties, required, false);
  }

  /** The body that changes an object. */
  Map<String, @Nullable Object> patch(String name, Map<String, Operation.Member> more) {
    var roots = new ArrayList<String>();
    for (Field<?> field : resource(name).whole(version)) {
      if (field.is(Mark.PATCH)) {
        roots.add(field.name());
      }
    }
    more.forEach(
        (member, row) -> {
          if (version.atLeast(row.since())) {
            roots.add(member);
          }
        });
    var properties =
        map(
            "op",
            map("type", "string", "enum", List.of("add", "replace", "remove")),
            "path",
            map("type", "string", "pattern", "^/(" + String.join("|", roots) + ")(/[^/]+)*$"),
            "value",
            map());
    return map("type", "array", "items", object(properties, List.of("op", "path"), false));
  }

  /** The body of an action. */
  Map<String, @Nullable Object> action(Operation.Body body) {
    if (body.anything()) {
      return map();
    }
    Map<String, @Nullable Object> properties = map();
    var required = new ArrayList<String>();
    body.members()
        .forEach(
            (name, member) -> {
              if (version.atLeast(member.since())) {
                var schema = argument(member);
                properties.put(name, member.required() ? schema : nullable(schema));
                if (member.required()) {
                  required.add(name);
                }
              }
            });
    return object(properties, required, body.open());
  }

  private static Map<String, @Nullable Object> object(
      Map<String, @Nullable Object> properties, List<String> required, boolean open) {
    Map<String, @Nullable Object> schema = map("type", "object", "properties", properties);
    schema.put("required", required);
    schema.put("additionalProperties", open);
    return schema;
  }
}
