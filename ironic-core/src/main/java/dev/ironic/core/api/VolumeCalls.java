package dev.ironic.core.api;

import dev.ironic.core.model.Node;
import dev.ironic.core.model.VolumeConnector;
import dev.ironic.core.model.VolumeConnectorBuilder;
import dev.ironic.core.model.VolumeTarget;
import dev.ironic.core.model.VolumeTargetBuilder;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Query.Filter;
import dev.ironic.core.store.Store;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How nodes reach remote volumes, and which. */
final class VolumeCalls {

  private final Store store;
  private final Lookups lookups;
  private final ApiOptions options;
  private final Shelf<VolumeConnector> connectors;
  private final Shelf<VolumeTarget> targets;

  VolumeCalls(Lookups lookups, ApiOptions options) {
    this.store = lookups.store();
    this.lookups = lookups;
    this.options = options;
    this.connectors =
        new Shelf<>(
            ConnectionTables.VOLUME_CONNECTOR,
            store.volumeConnectors(),
            VolumeConnector::uuid,
            "volume/connectors",
            false);
    this.targets =
        new Shelf<>(
            ConnectionTables.VOLUME_TARGET,
            store.volumeTargets(),
            VolumeTarget::uuid,
            "volume/targets",
            false);
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("volume.root", request -> root(request, ""));
    handlers.put(
        "node.volume.root",
        request -> root(request, "nodes/" + lookups.node(request).uuid() + "/"));
    for (String prefix : List.of("", "node.")) {
      handlers.put(
          prefix + "volume.connector.list",
          request -> connectors.list(request, ofNode(request), options.maxLimit()));
      handlers.put(
          prefix + "volume.target.list",
          request -> targets.list(request, ofNode(request), options.maxLimit()));
    }
    handlers.put("volume.connector.create", this::createConnector);
    handlers.put("volume.connector.show", connectors.shows(this::connector));
    handlers.put("volume.connector.update", this::updateConnector);
    handlers.put("volume.connector.delete", this::deleteConnector);
    handlers.put("volume.target.create", this::createTarget);
    handlers.put("volume.target.show", targets.shows(this::target));
    handlers.put("volume.target.update", this::updateTarget);
    handlers.put("volume.target.delete", this::deleteTarget);
  }

  private static Answer root(ApiRequest request, String prefix) {
    View view = View.plain(request);
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("links", view.links(prefix + "volume/"));
    document.put("connectors", view.links(prefix + "volume/connectors"));
    document.put("targets", view.links(prefix + "volume/targets"));
    return Answer.document(200, document);
  }

  private Query ofNode(ApiRequest request) {
    if (request.path().containsKey("node_ident")) {
      return Query.ALL.and(new Filter.Equal("nodeId", lookups.node(request).id()));
    }
    String ident = request.query("node");
    return ident == null
        ? Query.ALL
        : Query.ALL.and(new Filter.Equal("nodeId", lookups.nodeInQuery(request, ident).id()));
  }

  private VolumeConnector connector(ApiRequest request) {
    return connectors.row(request.path("connector_uuid"));
  }

  private VolumeTarget target(ApiRequest request) {
    return targets.row(request.path("target_uuid"));
  }

  private Node newNode(ApiRequest request, Map<String, @Nullable Object> values) {
    return lookups.nodeOfBody(request, (String) Objects.requireNonNull(values.get("node_uuid")));
  }

  private Answer createConnector(ApiRequest request) {
    Map<String, @Nullable Object> values = connectors.newValues(request);
    Node node = newNode(request, values);
    VolumeConnector blank =
        VolumeConnectorBuilder.builder()
            .uuid((String) Objects.requireNonNull(values.get("uuid")))
            .nodeId(node.id())
            .nodeUuid(node.uuid())
            .type("")
            .connectorId("")
            .extra(Map.of())
            .build();
    VolumeConnector draft =
        ConnectionTables.VOLUME_CONNECTOR
            .with(blank, values)
            .with(b -> b.nodeId(node.id()).nodeUuid(node.uuid()));
    return connectors.created(request, store.volumeConnectors().insert(draft));
  }

  private Answer updateConnector(ApiRequest request) {
    JsonPatch patch = JsonPatch.read(request);
    VolumeConnector before = connector(request);
    Map<String, @Nullable Object> values =
        connectors.patched(request, patch.permitted(ConnectionTables.VOLUME_CONNECTOR), before);
    VolumeConnector changed = ConnectionTables.VOLUME_CONNECTOR.with(before, values);
    Node node = lookups.nodeOfBody(request, changed.nodeUuid());
    VolumeConnector after = changed.with(b -> b.nodeId(node.id()).nodeUuid(node.uuid()));
    return connectors.changed(
        request,
        lookups
            .locator()
            .forNode(store.nodes().get(before.nodeUuid()))
            .updateVolumeConnector(request.context(), before, after));
  }

  private Answer deleteConnector(ApiRequest request) {
    VolumeConnector row = connector(request);
    Node node = store.nodes().get(row.nodeUuid());
    lookups.locator().forNode(node).destroyVolumeConnector(request.context(), row.uuid());
    return Answer.empty(204);
  }

  private Answer createTarget(ApiRequest request) {
    Map<String, @Nullable Object> values = targets.newValues(request);
    Node node = newNode(request, values);
    VolumeTarget blank =
        VolumeTargetBuilder.builder()
            .uuid((String) Objects.requireNonNull(values.get("uuid")))
            .nodeId(node.id())
            .nodeUuid(node.uuid())
            .volumeType("")
            .volumeId("")
            .properties(Map.of())
            .extra(Map.of())
            .build();
    VolumeTarget draft =
        ConnectionTables.VOLUME_TARGET
            .with(blank, values)
            .with(b -> b.nodeId(node.id()).nodeUuid(node.uuid()));
    return targets.created(request, store.volumeTargets().insert(draft));
  }

  private Answer updateTarget(ApiRequest request) {
    JsonPatch patch = JsonPatch.read(request);
    VolumeTarget before = target(request);
    Map<String, @Nullable Object> values =
        targets.patched(request, patch.permitted(ConnectionTables.VOLUME_TARGET), before);
    VolumeTarget changed = ConnectionTables.VOLUME_TARGET.with(before, values);
    Node node = lookups.nodeOfBody(request, changed.nodeUuid());
    VolumeTarget after = changed.with(b -> b.nodeId(node.id()).nodeUuid(node.uuid()));
    return targets.changed(
        request,
        lookups
            .locator()
            .forNode(store.nodes().get(before.nodeUuid()))
            .updateVolumeTarget(request.context(), before, after));
  }

  private Answer deleteTarget(ApiRequest request) {
    VolumeTarget row = target(request);
    Node node = store.nodes().get(row.nodeUuid());
    lookups.locator().forNode(node).destroyVolumeTarget(request.context(), row.uuid());
    return Answer.empty(204);
  }
}
