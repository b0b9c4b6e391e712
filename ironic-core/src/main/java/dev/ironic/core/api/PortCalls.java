package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.conductor.ConductorService;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.Port;
import dev.ironic.core.model.Portgroup;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Query.Filter;
import dev.ironic.core.store.Store;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Ports. */
final class PortCalls {

  private final Store store;
  private final Lookups lookups;
  private final ApiOptions options;
  private final Shelf<Port> ports;

  PortCalls(Lookups lookups, ApiOptions options) {
    this.store = lookups.store();
    this.lookups = lookups;
    this.options = options;
    this.ports = new Shelf<>(ConnectionTables.PORT, store.ports(), Port::uuid, "ports", true);
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("port.list", this::list);
    handlers.put("port.list_detail", this::list);
    handlers.put("node.port.list", this::list);
    handlers.put("node.port.list_detail", this::list);
    handlers.put("portgroup.port.list", this::list);
    handlers.put("portgroup.port.list_detail", this::list);
    handlers.put("port.create", this::create);
    handlers.put("port.show", request -> ports.show(request, row(request)));
    handlers.put("port.update", this::update);
    handlers.put("port.delete", this::delete);
  }

  private Port row(ApiRequest request) {
    return ports.row(request.path("port_ident"));
  }

  private Answer list(ApiRequest request) {
    return ports.list(request, filters(request), options.maxLimit());
  }

  private Query filters(ApiRequest request) {
    String portgroup = request.path().getOrDefault("portgroup_ident", request.query("portgroup"));
    String shard = request.query("shard");
    String groups = request.query("conductor_groups");
    String address = request.query("address");
    Node node = node(request);
    Query query = Query.ALL;
    if ((node != null ? 1 : 0) + (portgroup != null ? 1 : 0) + (shard != null ? 1 : 0) > 1) {
      throw new IronicException(
          Fault.FORBIDDEN, "Only one of node, portgroup and shard can be asked for");
    }
    if (groups != null && (node != null || portgroup != null || address != null)) {
      throw new IronicException(
          Fault.INVALID, "conductor_groups can't be combined with node, portgroup or address");
    }
    if (node != null) {
      query = query.and(new Filter.Equal("nodeId", node.id()));
    }
    if (portgroup != null) {
      if (request.path().containsKey("portgroup_ident")) {
        Lookups.pathIdent(portgroup, "a port group");
      }
      Portgroup row = Lookups.byIdent(store.portgroups(), portgroup);
      query = query.and(new Filter.Equal("portgroupId", row.id()));
    }
    if (address != null) {
      query = query.and(new Filter.Equal("address", FieldType.MAC.accept("address", address)));
    }
    if (shard != null) {
      query = query.and(lookups.ofNodes(new Filter.In("shard", NodeFilters.shards(shard))));
    }
    if (groups != null) {
      query = query.and(lookups.ofNodes(new Filter.In("conductorGroup", Resource.words(groups))));
    }
    String part = request.query("description_contains");
    return part == null ? query : query.and(new Filter.Contains("description", part));
  }

  private @Nullable Node node(ApiRequest request) {
    if (request.path().containsKey("node_ident")) {
      return lookups.node(request);
    }
    String uuid = request.query("node_uuid");
    String ident = request.query("node");
    if (ident != null && !FieldType.isUuid(ident)) {
      request.version().require(5, "A node's name");
    }
    String wanted = uuid == null ? ident : uuid;
    return wanted == null ? null : lookups.nodeInQuery(request, wanted);
  }

  private Answer create(ApiRequest request) {
    // Which node it is for is asked before what else is too new.
    Node node = nodeOf(request, Bodies.object(Json.read(request.body())));
    Map<String, @Nullable Object> values = ports.newValues(request, "node_ident");
    values.remove("node_ident");
    Port blank =
        Port.draft(
            (String) Objects.requireNonNull(values.get("uuid")),
            node,
            (String) Objects.requireNonNull(values.get("address")));
    Port draft = withReferences(ConnectionTables.PORT.with(blank, values), node, values);
    PortValues.check(draft, values, request.version());
    ConductorService conductor = lookups.conductorFor(node);
    return ports.created(request, conductor.createPort(request.context(), draft));
  }

  /** The node that a new port names in one of two ways. */
  private Node nodeOf(ApiRequest request, Map<String, @Nullable Object> body) {
    if (body.containsKey("node_ident") == body.containsKey("node_uuid")) {
      throw new IronicException(
          Fault.MISSING_PARAMETER_VALUE,
          "'node_uuid' is a required property; from 1.94 'node_ident' may stand for it");
    }
    boolean byIdent = body.containsKey("node_ident");
    String member = byIdent ? "node_ident" : "node_uuid";
    Object value = body.get(member);
    if (value == null) {
      throw new IronicException(
          Fault.INVALID_PARAMETER_VALUE, "Invalid value for " + member + ": it must not be null");
    }
    String ident = (String) (byIdent ? FieldType.IDENT : FieldType.UUID).accept(member, value);
    if (byIdent) {
      request.version().require(94, "Field node_ident");
    }
    return lookups.nodeOfBody(request, ident);
  }

  private Port withReferences(Port port, Node node, Map<String, @Nullable Object> values) {
    Port changed = port.with(b -> b.nodeId(node.id()).nodeUuid(node.uuid()));
    if (!values.containsKey("portgroup_uuid")) {
      return changed;
    }
    String uuid = (String) values.get("portgroup_uuid");
    if (uuid == null) {
      return changed.with(b -> b.portgroupId(null).portgroupUuid(null));
    }
    Portgroup group =
        store
            .portgroups()
            .find(uuid)
            .orElseThrow(
                () ->
                    new IronicException(
                        Fault.NOT_FOUND, 400, "Portgroup " + uuid + " could not be found.", null));
    if (group.nodeId() != node.id()) {
      throw new IronicException(
          Fault.INVALID, "Portgroup " + uuid + " belongs to another node than the port");
    }
    return changed.with(b -> b.portgroupId(group.id()).portgroupUuid(group.uuid()));
  }

  private Answer update(ApiRequest request) {
    JsonPatch patch = JsonPatch.read(request).permitted(ConnectionTables.PORT, "node_ident");
    Port before = row(request);
    if (patch.roots().contains("node_ident")) {
      throw new IronicException(
          Fault.PATCH_ERROR, "A port has no 'node_ident' to patch; patch its node_uuid");
    }
    Map<String, @Nullable Object> values = ports.patched(request, patch, before);
    Object wanted = values.get("node_uuid");
    Node node =
        wanted == null
            ? store.nodes().get(before.nodeUuid())
            : lookups.nodeOfBody(request, (String) wanted);
    if (values.containsKey("node_uuid") && wanted == null) {
      throw new IronicException(Fault.PATCH_ERROR, "'node_uuid' is a required property");
    }
    if (values.containsKey("physical_network")
        && request.version().atLeast(102)
        && before.portgroupId() != null
        && !java.util.Objects.equals(values.get("physical_network"), before.physicalNetwork())) {
      throw new IronicException(
          Fault.INVALID, "physical_network can't be changed while the port is in a portgroup");
    }
    Port after = withReferences(ConnectionTables.PORT.with(before, values), node, values);
    PortValues.check(after, values, request.version());
    ConductorService conductor = lookups.locator().forNode(node);
    return ports.changed(request, conductor.updatePort(request.context(), before, after));
  }

  private Answer delete(ApiRequest request) {
    Port port = Lookups.byUuid(store.ports(), request.path("port_uuid"));
    Node node = store.nodes().get(port.nodeUuid());
    lookups.locator().forNode(node).destroyPort(request.context(), port.uuid());
    return Answer.empty(204);
  }
}
