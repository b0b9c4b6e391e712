package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Chassis;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Store;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Nodes: make, list, show, change, delete. */
final class NodeCalls {

  private static final Resource<Node> NODE = NodeTable.NODE;

  private static final Set<String> RESERVED_NAMES =
      Set.of("detail", "validate", "maintenance", "management", "states", "vendor_passthru");

  private static final Pattern HOST_NAME =
      Pattern.compile(
          "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]"
              + "([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");

  private final Store store;
  private final Lookups lookups;
  private final ApiOptions options;

  NodeCalls(Lookups lookups, ApiOptions options) {
    this.store = lookups.store();
    this.lookups = lookups;
    this.options = options;
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("node.list", this::list);
    handlers.put("node.list_detail", this::list);
    handlers.put("chassis.node.list", this::list);
    handlers.put("chassis.node.list_detail", this::list);
    handlers.put("node.create", this::create);
    handlers.put("node.show", this::show);
    handlers.put("node.update", this::update);
    handlers.put("node.delete", this::delete);
    handlers.put("node.children", this::children);
    handlers.put("shard.list", this::shards);
  }

  private Answer list(ApiRequest request) {
    Page<Node> page = Page.of(request, NODE, options.maxLimit());
    Query query = page.query(NodeFilters.of(request, lookups));
    String marker = page.marker();
    if (marker != null) {
      lookups.nodeInQuery(request, Lookups.nodeIdent(marker, request.version()));
    }
    String conductor = request.query("conductor");
    List<Node> rows =
        conductor == null ? rows(query, page.shown()) : servedBy(conductor, query, page.limit());
    return page.answer(rows, lookups.view(request, rows, page.shown()), Node::uuid);
  }

  /** The rows with what is shown of them. */
  private List<Node> rows(Query query, List<Field<Node>> shown) {
    Set<String> components = Resource.components(shown, NodeTable.ALWAYS);
    return components.isEmpty() ? store.nodes().list(query) : store.nodes().list(query, components);
  }

  /** Which conductor serves a node is not stored; rows are read until the page is full. */
  private List<Node> servedBy(String conductor, Query query, int limit) {
    var served = new java.util.ArrayList<Node>();
    store
        .nodes()
        .forEach(
            query.page(query.marker(), 0),
            node -> {
              if (served.size() < limit
                  && conductor.equalsIgnoreCase(Objects.toString(lookups.hostOf(node), ""))) {
                served.add(node);
              }
            });
    return served;
  }

  private Answer show(ApiRequest request) {
    Node node = lookups.node(request);
    return document(request, 200, node, Page.shownOfOne(request, NODE));
  }

  private Answer document(ApiRequest request, int status, Node node, List<Field<Node>> shown) {
    View view = lookups.view(request, List.of(node), shown);
    return Answer.json(status, out -> NODE.write(out, node, shown, view));
  }

  private Answer create(ApiRequest request) {
    Map<String, @Nullable Object> body = Bodies.object(Json.read(request.body()));
    Map<String, @Nullable Object> values = NODE.acceptCreation(body, request.version(), Set.of());
    values.putIfAbsent("uuid", UUID.randomUUID().toString());
    if (options.defaultResourceClass() != null) {
      values.putIfAbsent("resource_class", options.defaultResourceClass());
    }
    checkValues(values, request.version());
    request.permit().own(request.operation(), values, 400);
    String bootMode = (String) values.get("boot_mode");
    if (bootMode != null && options.disallowedBootModes().contains(bootMode)) {
      throw new IronicException(
          Fault.BOOT_MODE_NOT_ALLOWED, "Boot mode " + bootMode + " is not allowed here");
    }
    Node draft =
        withReferences(
            request,
            NODE.with(
                Node.draft(
                    (String) Objects.requireNonNull(values.get("uuid")),
                    (String) Objects.requireNonNull(values.get("driver"))),
                values),
            values);
    Node first =
        draft.with(
            b ->
                b.provisionState(
                    request.version().atLeast(11)
                        ? ProvisionState.ENROLL
                        : ProvisionState.AVAILABLE));
    Node node = lookups.conductorFor(first).createNode(request.context(), first);
    return document(request, 201, node, NODE.whole(request.version()))
        .at(request.base() + "/v1/nodes/" + node.uuid());
  }

  /** Sets the rows that some fields name. */
  private Node withReferences(ApiRequest request, Node node, Map<String, @Nullable Object> values) {
    Node changed = node;
    if (values.containsKey("chassis_uuid")) {
      String uuid = (String) values.get("chassis_uuid");
      Long id = uuid == null ? null : chassis(uuid).id();
      changed = changed.with(b -> b.chassisId(id));
    }
    String parent = (String) values.get("parent_node");
    if (parent != null) {
      Node row = lookups.nodeInBody(request, parent);
      if (!Objects.equals(row.owner(), node.owner())) {
        throw new IronicException(
            Fault.INVALID_PARAMETER_VALUE,
            "Node " + parent + " can't be the parent: it has another owner");
      }
      changed = changed.with(b -> b.parentNode(row.uuid()));
    }
    return changed;
  }

  private Chassis chassis(String uuid) {
    return store
        .chassis()
        .find(uuid)
        .orElseThrow(
            () ->
                new IronicException(
                    Fault.NOT_FOUND, 400, "Chassis " + uuid + " could not be found.", null));
  }

  /** Rules on values that no table can tell. */
  private static void checkValues(Map<String, @Nullable Object> values, ApiVersion version) {
    String name = (String) values.get("name");
    if (name != null) {
      checkName(name, version);
    }
    Object group = values.get("conductor_group");
    if (group != null) {
      values.put("conductor_group", ((String) group).toLowerCase(Locale.ROOT));
    }
    if (values.containsKey("traits")) {
      throw new IronicException(
          Fault.INVALID, "Traits can't be set here; use the traits of the node");
    }
  }

  private static void checkName(String name, ApiVersion version) {
    boolean wellFormed =
        version.atLeast(10) ? FieldType.isIdent(name) : HOST_NAME.matcher(name).matches();
    if (!wellFormed || FieldType.isUuid(name) || RESERVED_NAMES.contains(name)) {
      throw new IronicException(Fault.INVALID, "Invalid name for a node: '" + name + "'");
    }
  }

  private Answer update(ApiRequest request) {
    JsonPatch patch = JsonPatch.read(request).permitted(NODE);
    Boolean reset = request.flag("reset_interfaces");
    if (reset != null && !patch.roots().contains("driver")) {
      throw new IronicException(
          Fault.INVALID,
          "The reset_interfaces parameter can only be used when changing the driver");
    }
    Node before = lookups.node(request);
    NodeUpdateRules.check(request.permit(), before, patch);
    if (patch.unsets("chassis_uuid") && before.chassisId() != null) {
      request.version().require(25, "Removing chassis_uuid");
    }
    checkMayChange(request, before, patch);
    View view = lookups.view(request, List.of(before), NODE.named(patch.roots()));
    Map<String, @Nullable Object> values = patch.apply(NODE, before, view);
    checkValues(values, request.version());
    if (patch.roots().contains("network_data") && !patch.onlyRemoves("network_data")) {
      NetworkData.check(Json.object(values.get("network_data")));
    }
    Node after = withReferences(request, NODE.with(before, values), values);
    Node named = copyDisplayName(after, values);
    Node node =
        lookups
            .conductorFor(named)
            .updateNode(request.context(), before, named, Boolean.TRUE.equals(reset));
    return document(request, 200, node, NODE.whole(request.version()));
  }

  /** An instance's display name becomes its name when it has none. */
  private static Node copyDisplayName(Node node, Map<String, @Nullable Object> values) {
    if (node.instanceName() == null
        && values.containsKey("instance_info")
        && node.instanceInfo().get("display_name") instanceof String name
        && !name.isEmpty()
        && name.length() <= 255) {
      return node.with(b -> b.instanceName(name));
    }
    return node;
  }

  private static void checkMayChange(ApiRequest request, Node node, JsonPatch patch) {
    if (node.maintenance() && patch.onlyRemoves("instance_uuid")) {
      return;
    }
    boolean moving = node.targetPowerState() != null || node.targetProvisionState() != null;
    boolean inspecting =
        node.provisionState() == ProvisionState.INSPECTING && request.version().atLeast(39);
    if (inspecting || (moving && !node.provisionState().is(ProvisionState.Trait.PATCHABLE))) {
      throw new IronicException(
          Fault.CONFLICT,
          "Node " + node.uuid() + " can not be updated while a state transition is in progress.");
    }
  }

  private Answer delete(ApiRequest request) {
    Node node = lookups.node(request);
    lookups.locator().forNode(node).destroyNode(request.context(), node.uuid());
    return Answer.empty(204);
  }

  private Answer children(ApiRequest request) {
    Node node = lookups.node(request);
    List<String> uuids =
        store.nodes().list(Query.where("parentNode", node.uuid())).stream()
            .filter(child -> request.permit().allows("baremetal:node:get", child))
            .map(Node::uuid)
            .toList();
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("children", uuids);
    document.put(
        "links",
        Map.of("href", request.base() + "/v1/nodes?parent_node=" + node.uuid(), "rel", "children"));
    return Answer.document(200, document);
  }

  private Answer shards(ApiRequest request) {
    List<Map<String, Object>> shards =
        store.nodes().shards().entrySet().stream()
            .map(
                e ->
                    Map.<String, Object>of(
                        "name", e.getKey().isEmpty() ? "None" : e.getKey(), "count", e.getValue()))
            .toList();
    return Answer.document(200, Map.of("shards", shards));
  }
}
