package dev.ironic.core.api;

import static dev.ironic.core.api.Schemas.map;
import static dev.ironic.core.api.Schemas.reference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Describes the API as OpenAPI 3.1: what the tables say, for one version. Immutable. */
final class OpenApi {

  private static final Pattern PARAMETER = Pattern.compile("\\{([a-z_]+)}");

  private static final Map<Integer, String> REFUSALS =
      Map.of(
          400, "The request can't be used as it is",
          401, "Name and password, or a token, are missing or wrong",
          403, "The policy does not allow it",
          404, "There is no such thing, or not at this version",
          405, "The version has no such method here",
          406, "The request uses what is newer than its version",
          409, "It is locked, taken, or in a state that forbids this",
          503, "No conductor can do it now");

  private final List<Operation> operations;
  private final Shape.Table shapes;
  private final @Nullable String scheme;

  /**
   * Makes the writer.
   *
   * @param authentication the service's {@code auth_strategy}
   */
  OpenApi(List<Operation> operations, Shape.Table shapes, String authentication) {
    this.operations = operations;
    this.shapes = shapes;
    this.scheme =
        switch (authentication) {
          case "noauth" -> null;
          case "keystone" -> "token";
          default -> "basic";
        };
    operations.forEach(shapes::of); // none may lack
  }

  /** The document. */
  Map<String, @Nullable Object> document(ApiVersion version) {
    var schemas = new Schemas(version, shapes.documents());
    Map<String, @Nullable Object> components =
        map("schemas", schemas.components(), "headers", headers(), "parameters", negotiation());
    if (scheme != null) {
      components.put("securitySchemes", securitySchemes());
    }
    Map<String, @Nullable Object> document = map("openapi", "3.1.0", "info", info(version));
    document.put("servers", List.of(map("url", "/")));
    document.put("tags", tags(version));
    document.put("paths", paths(version, schemas));
    document.put("components", components);
    if (scheme != null) {
      document.put("security", List.of(map(scheme, List.of())));
    }
    return document;
  }

  private static Map<String, @Nullable Object> info(ApiVersion version) {
    return map(
        "title",
        "Bare metal provisioning",
        "version",
        version.toString(),
        "description",
        "The API at version "
            + version
            + ". Ask for another one with the header "
            + ApiVersion.HEADER
            + ", from "
            + ApiVersion.MIN
            + " to "
            + ApiVersion.MAX
            + ". x-since tells the version that brought something.",
        "license",
        map("name", "Apache-2.0", "identifier", "Apache-2.0"));
  }

  private static Map<String, @Nullable Object> headers() {
    var version = map("type", "string", "pattern", "^1\\.[0-9]+$");
    return map(
        "Version",
        map("description", "The version that the answer follows", "schema", version),
        "MinimumVersion",
        map("description", "The oldest version served", "schema", version),
        "MaximumVersion",
        map("description", "The newest version served", "schema", version),
        "RequestId",
        map("description", "Names the request in logs", "schema", map("type", "string")),
        "Location",
        map(
            "description",
            "Where to go on",
            "schema",
            map("type", "string", "format", "uri-reference")));
  }

  private static Map<String, @Nullable Object> negotiation() {
    return map(
        "Version",
        map(
            "name",
            ApiVersion.HEADER,
            "in",
            "header",
            "description",
            "The version to use, or latest; without it the oldest",
            "schema",
            map("type", "string", "pattern", "^(1\\.[0-9]+|latest)$")));
  }

  private static Map<String, @Nullable Object> securitySchemes() {
    return map(
        "basic",
        map("type", "http", "scheme", "basic"),
        "token",
        map("type", "apiKey", "in", "header", "name", "X-Auth-Token"));
  }

  private static String tag(Operation operation) {
    String[] parts = operation.path().split("/", -1);
    return parts.length > 2 && !operation.id().equals("docs.get")
        ? parts[2].replace(".json", "")
        : operation.id().equals("docs.get") ? "openapi" : "root";
  }

  private List<Map<String, @Nullable Object>> tags(ApiVersion version) {
    var names = new TreeSet<String>();
    operations.stream().filter(o -> o.knownAt(version)).forEach(o -> names.add(tag(o)));
    return names.stream().map(name -> map("name", name)).toList();
  }

  /** One item for all patterns that differ only in the names of their parameters. */
  private Map<String, @Nullable Object> paths(ApiVersion version, Schemas schemas) {
    var shown = new LinkedHashMap<String, String>();
    Map<String, @Nullable Object> paths = map();
    for (Operation operation : operations) {
      if (!operation.knownAt(version)) {
        continue;
      }
      add(paths, shown, operation, operation.path(), operation.id(), version, schemas);
      String more = operation.more();
      if (more != null) {
        add(paths, shown, operation, more, operation.id() + ".at", version, schemas);
      }
    }
    return paths;
  }

  private void add(
      Map<String, @Nullable Object> paths,
      Map<String, String> shown,
      Operation operation,
      String pattern,
      String id,
      ApiVersion version,
      Schemas schemas) {
    String path =
        shown.computeIfAbsent(PARAMETER.matcher(pattern).replaceAll("{}"), same -> pattern);
    @SuppressWarnings("unchecked")
    var item = (Map<String, @Nullable Object>) paths.computeIfAbsent(path, p -> map());
    java.util.Objects.requireNonNull(item)
        .put(
            operation.method().toLowerCase(Locale.ROOT),
            describe(operation, path, id, version, schemas));
  }

  private Map<String, @Nullable Object> describe(
      Operation operation, String path, String id, ApiVersion version, Schemas schemas) {
    Shape shape = shapes.of(operation);
    Map<String, @Nullable Object> described =
        map("operationId", id, "summary", shape.summary(), "tags", List.of(tag(operation)));
    if (operation.since() > 1) {
      described.put("x-since", "1." + operation.since());
    }
    if (!operation.policies().isEmpty()) {
      described.put("x-policies", operation.policies());
    }
    if (operation.isPublic() && scheme != null) {
      described.put("security", List.of());
    }
    described.put("parameters", parameters(operation, shape, path, version));
    var body = body(operation, schemas);
    if (body != null) {
      described.put("requestBody", body);
    }
    described.put("responses", responses(operation, shape, version, schemas));
    return described;
  }

  private static List<Object> parameters(
      Operation operation, Shape shape, String path, ApiVersion version) {
    var parameters = new ArrayList<Object>();
    for (String name : PARAMETER.matcher(path).results().map(OpenApi::name).toList()) {
      parameters.add(
          map(
              "name",
              name,
              "in",
              "path",
              "required",
              true,
              "schema",
              map("type", "string", "minLength", 1)));
    }
    operation
        .query()
        .forEach(
            (name, member) -> {
              if (version.atLeast(member.since())) {
                parameters.add(parameter(name, member, shape, version));
              }
            });
    Operation.Body body = operation.body();
    if (body != null && body.inQuery() && !body.members().isEmpty()) {
      body.members()
          .forEach(
              (name, member) -> {
                if (version.atLeast(member.since()) && FieldType.isScalar(member.type())) {
                  var parameter = map("name", name, "in", "query");
                  parameter.put("description", "May stand here instead of in the body");
                  parameter.put("schema", Schemas.argument(member));
                  parameters.add(parameter);
                }
              });
    }
    parameters.add(map("$ref", "#/components/parameters/Version"));
    return parameters;
  }

  private static String name(MatchResult found) {
    return found.group(1);
  }

  private static Map<String, @Nullable Object> parameter(
      String name, Operation.Member member, Shape shape, ApiVersion version) {
    Map<String, @Nullable Object> parameter = map("name", name, "in", "query");
    if (member.required()) {
      parameter.put("required", true);
    }
    Map<String, @Nullable Object> schema = Schemas.argument(member);
    Resource<?> resource = Schemas.RESOURCES.get(shape.of());
    if (FieldType.ofWireName(member.type()) == FieldType.CSV) {
      Map<String, @Nullable Object> item = map("type", "string");
      if (name.equals("fields") && resource != null) {
        item.put("enum", resource.whole(version).stream().map(Field::name).toList());
      } else if (!member.oneOf().isEmpty()) {
        item.put("enum", member.oneOf());
      }
      schema = map("type", "array", "items", item);
      parameter.put("style", "form");
      parameter.put("explode", false);
    }
    if (name.equals("sort_key") && resource != null) {
      schema.put("enum", resource.sortable(version));
    }
    if (name.equals("limit")) {
      schema.put("minimum", 1);
    }
    parameter.put("schema", schema);
    if (member.since() > 1) {
      parameter.put("x-since", "1." + member.since());
    }
    return parameter;
  }

  private static @Nullable Map<String, @Nullable Object> body(
      Operation operation, Schemas schemas) {
    Operation.Body body = operation.body();
    Map<String, Operation.Member> more = body == null ? Map.of() : body.members();
    if (operation.creates() != null) {
      return content(schemas.creation(operation.creates(), more), true);
    }
    if (operation.patches() != null) {
      return content(schemas.patch(operation.patches(), more), true);
    }
    if (body == null) {
      return null;
    }
    boolean needed = body.members().values().stream().anyMatch(Operation.Member::required);
    return content(schemas.action(body), needed && !body.inQuery());
  }

  private static Map<String, @Nullable Object> content(
      Map<String, @Nullable Object> schema, boolean required) {
    return map("required", required, "content", map("application/json", map("schema", schema)));
  }

  private Map<String, @Nullable Object> responses(
      Operation operation, Shape shape, ApiVersion version, Schemas schemas) {
    Map<String, @Nullable Object> responses = map();
    Map<String, @Nullable Object> success = map("description", "Done", "headers", sent(shape));
    boolean oldest = shape.oldest() != null && !version.atLeast(operation.since());
    Map<String, @Nullable Object> schema =
        oldest
            ? reference(String.valueOf(shape.oldest()))
            : schema(operation, shape, version, schemas);
    if (schema != null) {
      success.put("content", map(operation.produces(), map("schema", schema)));
    }
    responses.put(String.valueOf(operation.status()), success);
    if (shape.async()) {
      responses.put("202", map("description", "Begun", "headers", sent(shape)));
    }
    var refusals = new TreeMap<Integer, String>();
    shape
        .errors()
        .forEach(status -> refusals.put(status, REFUSALS.getOrDefault(status, "Refused")));
    if (!operation.isPublic() && scheme != null) {
      refusals.put(401, REFUSALS.getOrDefault(401, "Refused"));
    }
    refusals.forEach((status, text) -> responses.put(String.valueOf(status), refusal(text)));
    responses.put("default", refusal("Refused"));
    return responses;
  }

  private static Map<String, @Nullable Object> sent(Shape shape) {
    Map<String, @Nullable Object> headers =
        map(
            ApiVersion.HEADER,
            map("$ref", "#/components/headers/Version"),
            "X-OpenStack-Ironic-API-Minimum-Version",
            map("$ref", "#/components/headers/MinimumVersion"),
            "X-OpenStack-Ironic-API-Maximum-Version",
            map("$ref", "#/components/headers/MaximumVersion"),
            "OpenStack-Request-Id",
            map("$ref", "#/components/headers/RequestId"));
    if (shape.location()) {
      headers.put("Location", map("$ref", "#/components/headers/Location"));
    }
    return headers;
  }

  private static Map<String, @Nullable Object> refusal(String text) {
    return map(
        "description", text, "content", map("application/json", map("schema", reference("error"))));
  }

  private @Nullable Map<String, @Nullable Object> schema(
      Operation operation, Shape shape, ApiVersion version, Schemas schemas) {
    return switch (shape.form()) {
      case EMPTY -> null;
      case ANY -> map();
      case ONE -> {
        if (!shape.only().isEmpty()) {
          yield schemas.only(shape.of(), shape.only());
        }
        Resource<?> resource = Schemas.RESOURCES.get(shape.of());
        yield resource == null || choosable(operation, version)
            ? reference(shape.of())
            : map(
                "allOf",
                List.of(reference(shape.of()), map("required", names(resource.whole(version)))));
      }
      case LIST -> {
        Resource<?> resource = Schemas.RESOURCES.get(shape.of());
        String key = resource == null ? shape.key() : resource.key();
        Map<String, @Nullable Object> items = map("type", "array", "items", reference(shape.of()));
        if (resource != null && !choosable(operation, version)) {
          boolean whole = operation.path().endsWith("detail");
          var fields = whole ? resource.whole(version) : resource.brief(version);
          items.put(
              "items",
              map("allOf", List.of(reference(shape.of()), map("required", names(fields)))));
        } else if (resource != null) {
          items.put("x-default-fields", names(resource.brief(version)));
        }
        Map<String, @Nullable Object> properties = map(key, items);
        if (shape.paged()) {
          properties.put("next", map("type", "string", "format", "uri"));
        }
        yield map(
            "type",
            "object",
            "properties",
            properties,
            "required",
            List.of(key),
            "additionalProperties",
            false);
      }
      case KEYED ->
          map(
              "type",
              "object",
              "additionalProperties",
              reference(shape.of()),
              "minProperties",
              1,
              "maxProperties",
              1);
      case MAP ->
          map(
              "type",
              "object",
              "additionalProperties",
              shape.of().equals("string") ? map("type", "string") : reference(shape.of()));
    };
  }

  /** Whether the request may choose the fields it wants. */
  private static boolean choosable(Operation operation, ApiVersion version) {
    var fields = operation.query().get("fields");
    var detail = operation.query().get("detail");
    return (fields != null && version.atLeast(fields.since()))
        || (detail != null && version.atLeast(detail.since()));
  }

  private static List<String> names(List<? extends Field<?>> fields) {
    return fields.stream().map(field -> field.name()).toList();
  }
}
