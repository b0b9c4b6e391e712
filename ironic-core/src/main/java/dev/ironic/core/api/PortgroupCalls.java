package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.Portgroup;
import dev.ironic.core.model.PortgroupBuilder;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Query.Filter;
import dev.ironic.core.store.Store;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Port groups. */
final class PortgroupCalls {

  private final Store store;
  private final Lookups lookups;
  private final ApiOptions options;
  private final Shelf<Portgroup> groups;

  PortgroupCalls(Lookups lookups, ApiOptions options) {
    this.store = lookups.store();
    this.lookups = lookups;
    this.options = options;
    this.groups =
        new Shelf<>(
            ConnectionTables.PORTGROUP, store.portgroups(), Portgroup::uuid, "portgroups", true);
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("portgroup.list", this::list);
    handlers.put("portgroup.list_detail", this::list);
    handlers.put("node.portgroup.list", this::list);
    handlers.put("node.portgroup.list_detail", this::list);
    handlers.put("portgroup.create", this::create);
    handlers.put("portgroup.show", groups.shows(this::row));
    handlers.put("portgroup.update", this::update);
    handlers.put("portgroup.delete", this::delete);
  }

  private Portgroup row(ApiRequest request) {
    return groups.row(Lookups.pathIdent(request.path("portgroup_ident"), "a port group"));
  }

  private Answer list(ApiRequest request) {
    long filters =
        Stream.of("node", "address", "shard", "conductor_groups")
            .filter(name -> request.query(name) != null)
            .count();
    if (filters > 1) {
      throw new IronicException(
          Fault.INVALID, "Only one of node, address, shard and conductor_groups can be asked for");
    }
    Query query = Query.ALL;
    String ident = request.query("node");
    if (request.path().containsKey("node_ident")) {
      query = query.and(new Filter.Equal("nodeId", lookups.node(request).id()));
    } else if (ident != null) {
      query = query.and(new Filter.Equal("nodeId", lookups.nodeInQuery(request, ident).id()));
    }
    String address = request.query("address");
    if (address != null) {
      query = query.and(new Filter.Equal("address", FieldType.MAC.accept("address", address)));
    }
    String shard = request.query("shard");
    if (shard != null) {
      query = query.and(lookups.ofNodes(new Filter.In("shard", NodeFilters.shards(shard))));
    }
    String conductorGroups = request.query("conductor_groups");
    if (conductorGroups != null) {
      query =
          query.and(
              lookups.ofNodes(new Filter.In("conductorGroup", Resource.words(conductorGroups))));
    }
    return groups.list(request, query, options.maxLimit());
  }

  private Answer create(ApiRequest request) {
    Map<String, @Nullable Object> values = groups.newValues(request);
    Shelf.checkName(values.get("name"), "a portgroup");
    Node node =
        lookups.nodeOfBody(request, (String) Objects.requireNonNull(values.get("node_uuid")));
    Portgroup blank =
        PortgroupBuilder.builder()
            .uuid((String) Objects.requireNonNull(values.get("uuid")))
            .nodeId(node.id())
            .nodeUuid(node.uuid())
            .mode(options.defaultPortgroupMode())
            .standalonePortsSupported(true)
            .properties(Map.of())
            .internalInfo(Map.of())
            .extra(Map.of())
            .build();
    Portgroup draft = ConnectionTables.PORTGROUP.with(blank, values);
    return groups.created(request, store.portgroups().insert(draft));
  }

  private Answer update(ApiRequest request) {
    JsonPatch patch = JsonPatch.read(request);
    Portgroup before = row(request);
    Map<String, @Nullable Object> values =
        groups.patched(request, patch.permitted(ConnectionTables.PORTGROUP), before);
    Shelf.checkName(values.get("name"), "a portgroup");
    if (values.containsKey("mode") && values.get("mode") == null) {
      throw new IronicException(Fault.PATCH_ERROR, "mode can't be removed");
    }
    Object wanted = values.get("node_uuid");
    Node node =
        wanted == null
            ? store.nodes().get(before.nodeUuid())
            : lookups.nodeOfBody(request, (String) wanted);
    Portgroup after =
        ConnectionTables.PORTGROUP
            .with(before, values)
            .with(b -> b.nodeId(node.id()).nodeUuid(node.uuid()));
    return groups.changed(
        request, lookups.locator().forNode(node).updatePortgroup(request.context(), before, after));
  }

  private Answer delete(ApiRequest request) {
    Portgroup row = row(request);
    Node node = store.nodes().get(row.nodeUuid());
    lookups.locator().forNode(node).destroyPortgroup(request.context(), row.uuid());
    return Answer.empty(204);
  }
}
