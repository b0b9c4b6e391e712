package dev.ironic.core.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the OpenAPI document readable: one page that needs nothing but itself. */
final class DocsPage {

  private static final String FRAME =
      new String(Json.bytes("docs.html"), java.nio.charset.StandardCharsets.UTF_8);

  private final Map<String, @Nullable Object> document;
  private final ApiVersion version;
  private final StringBuilder out = new StringBuilder();

  DocsPage(Map<String, @Nullable Object> document, ApiVersion version) {
    this.document = document;
    this.version = version;
  }

  private record Entry(String path, String method, Map<String, @Nullable Object> operation) {}

  /** The page. */
  String html() {
    var groups = new LinkedHashMap<String, List<Entry>>();
    Json.object(document.get("paths"))
        .forEach(
            (path, item) ->
                Json.object(item)
                    .forEach(
                        (method, one) -> {
                          var operation = Json.object(one);
                          String tag = String.valueOf(list(operation.get("tags")).get(0));
                          groups
                              .computeIfAbsent(tag, t -> new ArrayList<>())
                              .add(new Entry(path, method, operation));
                        }));
    groups.forEach(this::group);
    schemas();
    var contents = new StringBuilder();
    groups.forEach(
        (tag, entries) ->
            contents.append(
                "<li><a href=\"#%s\">%s</a> <small>%d</small></li>\n"
                    .formatted(text(tag), text(tag), entries.size())));
    contents.append("<li><a href=\"#schemas\">schemas</a></li>\n");
    return FRAME
        .replace("@VERSION@", version.toString())
        .replace("@VERSIONS@", versions())
        .replace("@CONTENTS@", contents)
        .replace("@OPERATIONS@", out);
  }

  private String versions() {
    var options = new StringBuilder();
    for (int minor = ApiVersion.MAX.minor(); minor >= ApiVersion.MIN.minor(); minor--) {
      options.append(minor == version.minor() ? "<option selected>" : "<option>");
      options.append("1.").append(minor).append("</option>");
    }
    return options.toString();
  }

  private void group(String tag, List<Entry> entries) {
    out.append(
        "<section aria-labelledby=\"%1$s\"><h2 id=\"%1$s\">%1$s</h2>\n".formatted(text(tag)));
    entries.forEach(this::operation);
    out.append("</section>\n");
  }

  private void operation(Entry entry) {
    var operation = entry.operation();
    out.append(
        ("<details class=\"op\" id=\"%s\"><summary><b class=\"%s\">%s</b> <code>%s</code>"
                + " <span>%s</span>%s</summary>\n")
            .formatted(
                text(operation.get("operationId")),
                text(entry.method()),
                text(entry.method().toUpperCase(java.util.Locale.ROOT)),
                text(entry.path()),
                text(operation.get("summary")),
                since(operation)));
    if (operation.get("x-policies") instanceof List<?> policies) {
      out.append("<p>Allowed by ")
          .append(text(String.join(", ", texts(policies))))
          .append("</p>\n");
    }
    parameters(list(operation.get("parameters")));
    if (operation.get("requestBody") != null) {
      out.append("<h3>Body</h3>\n");
      schema(content(operation.get("requestBody")));
    }
    out.append("<h3>Answers</h3>\n<dl>\n");
    Json.object(operation.get("responses"))
        .forEach(
            (status, response) -> {
              out.append("<dt>").append(text(status)).append("</dt><dd>");
              out.append(text(Json.object(response).get("description")));
              if (status.startsWith("2")) {
                schema(content(response));
              }
              out.append("</dd>\n");
            });
    out.append("</dl></details>\n");
  }

  private void parameters(List<?> parameters) {
    var named = parameters.stream().map(Json::object).filter(p -> p.containsKey("name")).toList();
    if (named.isEmpty()) {
      return;
    }
    out.append("<h3>Parameters</h3>\n");
    head("Name", "In", "Type", "Since");
    for (Map<String, @Nullable Object> parameter : named) {
      var schema = Json.object(parameter.get("schema"));
      boolean required = Boolean.TRUE.equals(parameter.get("required"));
      row(
          name(String.valueOf(parameter.get("name")), required),
          text(parameter.get("in")),
          type(schema),
          text(Objects.toString(parameter.get("x-since"), "1.1")));
    }
    out.append("</tbody></table>\n");
  }

  private void schemas() {
    out.append("<section aria-labelledby=\"schemas\"><h2 id=\"schemas\">schemas</h2>\n");
    Json.object(Json.object(document.get("components")).get("schemas"))
        .forEach(
            (name, schema) -> {
              out.append(
                  "<details class=\"op\" id=\"schema-%1$s\"><summary><code>%1$s</code></summary>\n"
                      .formatted(text(name)));
              schema(Json.object(schema));
              out.append("</details>\n");
            });
    out.append("</section>\n");
  }

  private static Map<String, @Nullable Object> content(@Nullable Object holder) {
    for (Object media : Json.object(Json.object(holder).get("content")).values()) {
      return Json.object(Json.object(media).get("schema"));
    }
    return Map.of();
  }

  /** A table of members where there are any, otherwise the type. */
  private void schema(Map<String, @Nullable Object> schema) {
    if ("array".equals(schema.get("type"))) {
      out.append("<p>A list of</p>\n");
      schema(Json.object(schema.get("items")));
      return;
    }
    var properties = Json.object(schema.get("properties"));
    if (properties.isEmpty()) {
      if (!schema.isEmpty()) {
        out.append("<p>").append(type(schema)).append("</p>\n");
      }
      return;
    }
    head("Member", "Type", "Notes", "Since");
    var required = texts(list(schema.get("required")));
    properties.forEach(
        (name, value) -> {
          var member = Json.object(value);
          row(
              name(name, required.contains(name)),
              type(member),
              notes(member),
              text(Objects.toString(member.get("x-since"), "1.1")));
        });
    out.append("</tbody></table>\n");
  }

  private static String notes(Map<String, @Nullable Object> schema) {
    var notes = new ArrayList<String>();
    if (Boolean.TRUE.equals(schema.get("readOnly"))) {
      notes.add("read-only");
    }
    if (schema.get("maxLength") != null) {
      notes.add("at most " + schema.get("maxLength") + " characters");
    }
    if (schema.get("minimum") != null) {
      notes.add("at least " + schema.get("minimum"));
    }
    if (schema.get("description") != null) {
      notes.add(String.valueOf(schema.get("description")));
    }
    return text(String.join("; ", notes));
  }

  private static String type(Map<String, @Nullable Object> schema) {
    if (schema.get("$ref") instanceof String reference) {
      String name = reference.substring(reference.lastIndexOf('/') + 1);
      return "<a href=\"#schema-%1$s\">%1$s</a>".formatted(text(name));
    }
    for (String group : List.of("anyOf", "allOf")) {
      if (schema.get(group) instanceof List<?> parts) {
        return String.join(
            group.equals("anyOf") ? " or " : ", ",
            parts.stream()
                .map(Json::object)
                .filter(part -> part.containsKey("$ref") || part.containsKey("type"))
                .map(DocsPage::type)
                .toList());
      }
    }
    if (schema.get("enum") instanceof List<?> values) {
      return String.join(
          " | ", values.stream().map(value -> "<code>" + text(value) + "</code>").toList());
    }
    if ("array".equals(schema.get("type"))) {
      return "list of " + type(Json.object(schema.get("items")));
    }
    String type =
        schema.get("type") instanceof List<?> types
            ? String.join(" or ", texts(types))
            : Objects.toString(schema.get("type"), "anything");
    String more =
        schema.get("additionalProperties") instanceof Map<?, ?> values
            ? " of " + type(Json.object(values))
            : "";
    return text(schema.get("format") == null ? type : type + ", " + schema.get("format")) + more;
  }

  private static String since(Map<String, @Nullable Object> operation) {
    Object since = operation.get("x-since");
    return since == null ? "" : " <small>since " + text(since) + "</small>";
  }

  private void head(String... titles) {
    out.append("<table><thead><tr>");
    for (String title : titles) {
      out.append("<th scope=\"col\">").append(title).append("</th>");
    }
    out.append("</tr></thead><tbody>\n");
  }

  private void row(String... cells) {
    out.append("<tr>");
    for (String cell : cells) {
      out.append("<td>").append(cell).append("</td>");
    }
    out.append("</tr>\n");
  }

  private static String name(String name, boolean required) {
    String code = "<code>" + text(name) + "</code>";
    return required ? code + " <em>required</em>" : code;
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static List<String> texts(List<?> values) {
    return values.stream().map(String::valueOf).toList();
  }

  private static String text(@Nullable Object value) {
    return String.valueOf(value)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
