package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.conductor.ConductorService;
import dev.ironic.core.model.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is asked of a node's hardware while the client waits: checks, boot device, NMI, VIFs. */
final class HardwareCalls {

  private final Lookups lookups;

  HardwareCalls(Lookups lookups) {
    this.lookups = lookups;
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("node.validate", request -> validate(request, lookups.node(request)));
    handlers.put("node.validate_query", this::validateByQuery);
    handlers.put("node.boot_device.get", this::bootDevice);
    handlers.put("node.boot_device.set", this::setBootDevice);
    handlers.put("node.boot_device.supported", this::supportedBootDevices);
    handlers.put("node.inject_nmi", this::injectNmi);
    handlers.put("node.vif.list", this::vifs);
    handlers.put("node.vif.attach", this::attachVif);
    handlers.put("node.vif.detach", this::detachVif);
  }

  private ConductorService conductor(Node node) {
    return lookups.locator().forNode(node);
  }

  /** The node that the parameters of a request without a path for it name. */
  static String queriedNode(ApiRequest request) {
    String uuid = request.query("node_uuid");
    String ident = uuid == null ? request.query("node") : uuid;
    if (ident == null) {
      throw new IronicException(
          Fault.MISSING_PARAMETER_VALUE, "Missing mandatory parameter: node or node_uuid");
    }
    return ident;
  }

  private Answer validateByQuery(ApiRequest request) {
    return validate(request, lookups.node(queriedNode(request), request.version()));
  }

  private Answer validate(ApiRequest request, Node node) {
    var document = new LinkedHashMap<String, @Nullable Object>();
    conductor(node)
        .validateDriverInterfaces(request.context(), node.uuid())
        .forEach(
            (kind, outcome) -> {
              var entry = new LinkedHashMap<String, @Nullable Object>();
              entry.put("result", outcome.result());
              if (outcome.reason() != null) {
                entry.put("reason", outcome.reason());
              }
              document.put(kind, entry);
            });
    return Answer.document(200, document);
  }

  private Answer bootDevice(ApiRequest request) {
    Node node = lookups.node(request);
    return Answer.document(200, conductor(node).bootDevice(request.context(), node.uuid()));
  }

  private Answer setBootDevice(ApiRequest request) {
    Map<String, @Nullable Object> body = Bodies.members(request);
    Node node = lookups.node(request);
    conductor(node)
        .setBootDevice(
            request.context(),
            node.uuid(),
            (String) Objects.requireNonNull(body.get("boot_device")),
            Boolean.TRUE.equals(body.get("persistent")));
    return Answer.empty(204);
  }

  private Answer supportedBootDevices(ApiRequest request) {
    Node node = lookups.node(request);
    return Answer.document(
        200,
        Map.of(
            "supported_boot_devices",
            conductor(node).supportedBootDevices(request.context(), node.uuid())));
  }

  private Answer injectNmi(ApiRequest request) {
    Bodies.members(request);
    Node node = lookups.node(request);
    conductor(node).injectNmi(request.context(), node.uuid());
    return Answer.empty(204);
  }

  private Answer vifs(ApiRequest request) {
    Node node = lookups.node(request);
    return Answer.document(
        200,
        Map.of(
            "vifs",
            conductor(node).vifs(request.context(), node.uuid()).stream()
                .map(id -> Map.of("id", id))
                .toList()));
  }

  private Answer attachVif(ApiRequest request) {
    Map<String, @Nullable Object> vif = Bodies.members(request);
    if (vif.get("port_uuid") != null && vif.get("portgroup_uuid") != null) {
      throw new IronicException(
          Fault.INVALID, "A VIF goes to port_uuid or to portgroup_uuid, not to both");
    }
    Node node = lookups.node(request);
    conductor(node).attachVif(request.context(), node.uuid(), vif);
    return Answer.empty(204);
  }

  private Answer detachVif(ApiRequest request) {
    Node node = lookups.node(request);
    conductor(node).detachVif(request.context(), node.uuid(), request.path("vif_ident"));
    return Answer.empty(204);
  }
}
