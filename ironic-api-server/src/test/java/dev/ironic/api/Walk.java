package dev.ironic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.model.ProvisionState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Calls operations by their names at the newest version. Each answer, and each body that was taken,
 * is checked against the OpenAPI document, and what succeeded is kept. Not thread-safe.
 */
final class Walk {

  private final ApiRig rig;
  private final Description description;
  private final Set<String> succeeded = new TreeSet<>();

  Walk(ApiRig rig) {
    this.rig = rig;
    this.description = Description.of(rig, ApiRig.LATEST);
  }

  ApiRig rig() {
    return rig;
  }

  /** The operations that nobody has used with success; other paths of the same are left out. */
  Set<String> unused() {
    var unused = new TreeSet<String>();
    for (Description.Operation operation : description.operations()) {
      if (!operation.id().endsWith(".at") && !succeeded.contains(operation.id())) {
        unused.add(operation.id());
      }
    }
    return unused;
  }

  /**
   * Sends a request.
   *
   * @param arguments what the parameters of the path are, in their order; one that begins with a
   *     question mark is the query
   */
  Reply call(int status, String id, @Nullable Object body, String... arguments) {
    Description.Operation operation = description.find(id);
    if (operation == null) {
      throw new AssertionError("There is no operation " + id);
    }
    String path = operation.path();
    String query = "";
    for (String argument : arguments) {
      if (argument.startsWith("?")) {
        query = argument;
      } else {
        path = path.replaceFirst("\\{[a-z_]+}", argument);
      }
    }
    assertThat(path).as(id).doesNotContain("{");
    Reply reply = rig.at(ApiRig.LATEST, operation.method(), path + query, body);
    assertThat(reply.status()).as("%s answers %s", id, reply.text()).isEqualTo(status);
    description.check(operation, reply);
    if (status < 300) {
      if (body != null) {
        description.checkBody(operation, body);
      }
      succeeded.add(id);
    }
    return reply;
  }

  /** Reads something. */
  JsonNode get(String id, String... arguments) {
    return call(200, id, null, arguments).json();
  }

  /** Makes something and returns its UUID. */
  String make(String id, Map<String, ?> body) {
    return call(201, id, body).json().path("uuid").asString();
  }

  /** Changes a member of something. */
  JsonNode replace(String id, String ident, String path, Object value) {
    return call(200, id, List.of(Map.of("op", "add", "path", path, "value", value)), ident).json();
  }

  /** The values of one member of each item of a list. */
  static List<String> each(JsonNode list, String member) {
    var values = new java.util.ArrayList<String>();
    list.forEach(item -> values.add(item.path(member).asString("")));
    return values;
  }

  /** Brings a node into a state. */
  void provision(String node, Map<String, ?> body, ProvisionState end) {
    call(202, "node.states.provision", body, node);
    rig.await(node, end);
  }

  /** A node of the interfaces that can do more than the fake ones, in a state. */
  String node(Map<String, ?> more, ProvisionState state) {
    var body = new java.util.HashMap<String, Object>(more);
    body.put("driver", "fake-hardware");
    for (String kind : List.of("inspect", "management", "vendor")) {
      body.putIfAbsent(kind + "_interface", CapablePlugin.NAME);
    }
    String node = make("node.create", body);
    if (state != ProvisionState.ENROLL) {
      provision(node, Map.of("target", "manage"), ProvisionState.MANAGEABLE);
    }
    if (state == ProvisionState.AVAILABLE) {
      provision(node, Map.of("target", "provide"), ProvisionState.AVAILABLE);
    }
    return node;
  }
}
