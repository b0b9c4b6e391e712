package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a version brings, according to its OpenAPI document, the server takes from that version on
 * and refuses just below it: operations, query parameters, members of bodies, fields to change.
 */
class NewcomersTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String TOO_NEW = "needs API version";

  /** Fields of ports that a patch of any version may set, as in the original. */
  private static final Set<String> TAKEN_EARLIER =
      Set.of(
          "port.update /name",
          "port.update /description",
          "port.update /vendor",
          "port.update /category",
          "port.update /available_for_dynamic_portgroup");

  private final SoftAssertions all = new SoftAssertions();
  private final Set<String> tried = new TreeSet<>();

  /** Two versions, one after the other, and what the newer one brings. */
  private record Step(
      ApiRig rig,
      SampleObjects objects,
      String before,
      String version,
      Description older,
      Description newer) {

    Examples examples() {
      return new Examples(newer, new Random(1), objects.members());
    }
  }

  @Test
  void whatAVersionBringsIsThereFromThenOn(@TempDir Path folder) {
    try (ApiRig rig = ApiRig.start(folder)) {
      var objects = new SampleObjects(rig);
      Description older = Description.of(rig, "1.1");
      for (int minor = 2; minor <= 115; minor++) {
        objects.complete();
        objects.bringAvailable();
        String version = "1." + minor;
        Description newer = Description.of(rig, version);
        var step = new Step(rig, objects, "1." + (minor - 1), version, older, newer);
        newer.operations().forEach(operation -> operation(step, operation));
        older = newer;
      }
    }
    all.assertAll();
    assertThat(tried).as("%s", tried).hasSizeGreaterThan(200);
  }

  private void operation(Step step, Description.Operation operation) {
    Description.Operation earlier = step.older().find(operation.id());
    if (earlier == null) {
      // The parameter that nobody knows keeps the request from changing anything. Where it is
      // judged
      // before the version is, only a good request tells.
      String path = step.objects().path(operation.path()) + "?bogus=1";
      if (step.rig().at(step.before(), operation.method(), path, null).status() == 400) {
        compare(step, operation, operation.id(), "", least(step, operation));
      } else {
        compare(step, operation, operation.id(), "?bogus=1", null);
      }
      return;
    }
    for (JsonNode parameter : operation.parameters("query")) {
      String name = parameter.path("name").asString();
      if (!operation.isWrite() && !names(earlier.parameters("query")).contains(name)) {
        compare(step, operation, operation.id() + "?" + name, query(step, parameter), null);
      }
    }
    JsonNode body = operation.body();
    if (body.has("items")) {
      for (String root : Description.roots(body)) {
        if (!Description.roots(earlier.body()).contains(root)) {
          JsonNode schema = step.newer().resource(operation).path("properties").path(root);
          Object value = telling(step, operation, root, schema);
          var change = java.util.Map.of("op", "add", "path", "/" + root, "value", value);
          compare(step, operation, operation.id() + " /" + root, "", List.of(change));
        }
      }
    } else {
      for (String name : body.path("properties").propertyNames()) {
        if (!earlier.body().path("properties").has(name)) {
          compare(step, operation, operation.id() + " " + name, "", given(step, operation, name));
        }
      }
    }
  }

  private static List<String> names(List<JsonNode> parameters) {
    return parameters.stream().map(parameter -> parameter.path("name").asString()).toList();
  }

  private static String query(Step step, JsonNode parameter) {
    String name = parameter.path("name").asString();
    JsonNode value = step.examples().value(name, parameter.path("schema"));
    var texts = new ArrayList<String>();
    if (value.isArray()) {
      value.forEach(item -> texts.add(item.asString("")));
    } else {
      texts.add(value.asString(""));
    }
    return "?" + name + "=" + URLEncoder.encode(String.join(",", texts), StandardCharsets.UTF_8);
  }

  /** A value that changes something: what a field holds already may be given at any version. */
  private static JsonNode telling(
      Step step, Description.Operation operation, String field, JsonNode schema) {
    JsonNode shown =
        step.rig().call("GET", step.objects().path(operation.path()), null).json().path(field);
    return shown.isBoolean()
        ? JSON.getNodeFactory().booleanNode(!shown.asBoolean())
        : step.examples().value(field, never(schema));
  }

  /** The schema without null, which would say that nothing is given. */
  private static JsonNode never(JsonNode schema) {
    ObjectNode copy = schema.deepCopy().asObject();
    if (copy.path("type").isArray()) {
      copy.set("type", copy.path("type").path(0));
    }
    return copy;
  }

  /** The least body that is complete. */
  private static ObjectNode least(Step step, Description.Operation operation) {
    ObjectNode body = JSON.createObjectNode();
    for (JsonNode required : operation.body().path("required")) {
      String member = required.asString();
      body.set(
          member, step.examples().value(member, operation.body().path("properties").path(member)));
    }
    return body;
  }

  /** The least body that has a member. */
  private static ObjectNode given(Step step, Description.Operation operation, String name) {
    ObjectNode body = least(step, operation);
    if (operation.id().equals("port.create") && !name.equals("node_ident")) {
      // It names its node in one of two ways, which a schema's list of required members can't say.
      body.put("node_uuid", step.objects().ident("node_ident"));
    }
    JsonNode schema = never(operation.body().path("properties").path(name));
    body.set(name, step.examples().value(name, schema));
    return body;
  }

  private void compare(
      Step step, Description.Operation operation, String what, String query, Object body) {
    String path = step.objects().path(operation.path()) + query;
    Reply before = step.rig().at(step.before(), operation.method(), path, body);
    Reply since = step.rig().at(step.version(), operation.method(), path, body);
    String told =
        "%s with %s: at %s %d %s, at %s %d %s"
            .formatted(
                what,
                body,
                step.before(),
                before.status(),
                before.text(),
                step.version(),
                since.status(),
                since.text());
    tried.add(what);
    if (TAKEN_EARLIER.contains(what)) {
      all.assertThat(List.of(before.status(), since.status())).as(told).containsOnly(200);
      return;
    }
    all.assertThat(before.status()).as(told).isIn(400, 404, 405, 406);
    all.assertThat(since.status()).as(told).isNotEqualTo(405).isLessThan(500);
    all.assertThat(since.text()).as(told).doesNotContain(TOO_NEW).isNotEqualTo(before.text());
  }
}
