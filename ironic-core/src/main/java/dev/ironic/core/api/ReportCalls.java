package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.HistoryEntry;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.NodeInventory;
import dev.ironic.core.store.NodeRepository;
import dev.ironic.core.store.Query;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of a node: firmware settings and versions, history, inspection data. */
final class ReportCalls {

  private final Lookups lookups;
  private final ApiOptions options;

  ReportCalls(Lookups lookups, ApiOptions options) {
    this.lookups = lookups;
    this.options = options;
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("node.bios.list", this::settings);
    handlers.put("node.bios.show", this::setting);
    handlers.put("node.firmware.list", this::firmware);
    handlers.put("node.history.list", this::history);
    handlers.put("node.history.show", this::event);
    handlers.put("node.inventory", this::inventory);
  }

  private NodeRepository nodes() {
    return lookups.store().nodes();
  }

  private static View view(ApiRequest request, Node node) {
    return View.below(request, node.uuid());
  }

  /** A list that is never long enough to have pages. */
  private static <T extends Record> Answer whole(
      ApiRequest request, Node node, Resource<T> resource, List<T> rows, List<Field<T>> shown) {
    return Answer.json(
        200,
        out -> {
          out.writeStartObject();
          out.writeName(resource.key());
          out.writeStartArray();
          rows.forEach(row -> resource.write(out, row, shown, view(request, node)));
          out.writeEndArray();
          out.writeEndObject();
        });
  }

  private Answer settings(ApiRequest request) {
    Node node = lookups.node(request);
    var shown = withTimes(request, ReportTables.BIOS_SETTING);
    return whole(request, node, ReportTables.BIOS_SETTING, nodes().biosSettings(node.id()), shown);
  }

  /** Fields that were named come with the times of creation and change. */
  private static <T extends Record> List<Field<T>> withTimes(
      ApiRequest request, Resource<T> resource) {
    String fields = request.query("fields");
    if (fields == null) {
      return Page.shown(request, resource);
    }
    Page.shown(request, resource);
    return resource.chosen(fields + ",created_at,updated_at", request.version());
  }

  private Answer setting(ApiRequest request) {
    Node node = lookups.node(request);
    String name = request.path("setting_name");
    var found =
        nodes().biosSettings(node.id()).stream()
            .filter(setting -> setting.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new IronicException(
                        Fault.NOT_FOUND,
                        "Node %s doesn't have a BIOS setting '%s'".formatted(node.uuid(), name)));
    var shown = ReportTables.BIOS_SETTING.whole(request.version());
    return Answer.json(
        200,
        out -> {
          out.writeStartObject();
          out.writeName(name);
          ReportTables.BIOS_SETTING.write(out, found, shown, view(request, node));
          out.writeEndObject();
        });
  }

  private Answer firmware(ApiRequest request) {
    Node node = lookups.node(request);
    var table = ReportTables.FIRMWARE_COMPONENT;
    try {
      return whole(request, node, table, nodes().firmware(node.id()), withTimes(request, table));
    } catch (IronicException e) {
      if (e.status() == 406) {
        throw new IronicException(Fault.INVALID, String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  private Answer history(ApiRequest request) {
    Node node = lookups.node(request);
    var page = Page.of(request, ReportTables.HISTORY_EVENT, options.maxLimit(), "created_at");
    String marker = page.marker();
    if (marker != null) {
      entry(node, marker);
    }
    List<HistoryEntry> rows = nodes().history(node.id(), page.query(Query.ALL));
    return page.answer(rows, view(request, node), HistoryEntry::uuid);
  }

  private Answer event(ApiRequest request) {
    Node node = lookups.node(request);
    HistoryEntry found = entry(node, request.path("event_uuid"));
    var shown = ReportTables.HISTORY_EVENT.whole(request.version());
    return Answer.json(
        200, out -> ReportTables.HISTORY_EVENT.write(out, found, shown, view(request, node)));
  }

  private HistoryEntry entry(Node node, String uuid) {
    return nodes()
        .historyEntry(node.id(), uuid)
        .orElseThrow(
            () ->
                new IronicException(
                    Fault.NOT_FOUND, "Node history record %s could not be found.".formatted(uuid)));
  }

  private Answer inventory(ApiRequest request) {
    Node node = lookups.node(request);
    NodeInventory found =
        nodes()
            .inventory(node.id())
            .orElseThrow(
                () ->
                    new IronicException(
                        Fault.NOT_FOUND,
                        "Node inventory record for node '%s' could not be found."
                            .formatted(node.uuid())));
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("inventory", found.inventoryData());
    document.put("plugin_data", found.pluginData());
    return Answer.document(200, document);
  }
}
