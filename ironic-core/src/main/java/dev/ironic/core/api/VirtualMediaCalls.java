package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Node;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Images in the virtual drives of a machine. */
final class VirtualMediaCalls {

  private final Lookups lookups;

  VirtualMediaCalls(Lookups lookups) {
    this.lookups = lookups;
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("node.vmedia.get", this::list);
    handlers.put("node.vmedia.attach", this::attach);
    handlers.put("node.vmedia.detach", this::detach);
  }

  private Answer list(ApiRequest request) {
    Node node = lookups.node(request);
    return Answer.document(
        200,
        Map.of(
            "vmedia",
            lookups.locator().forNode(node).virtualMedia(request.context(), node.uuid())));
  }

  private Answer attach(ApiRequest request) {
    Map<String, @Nullable Object> body = Bodies.members(request);
    String url = (String) Objects.requireNonNull(body.get("image_url"));
    if (!url.matches("(?i)(https?|file)://.+")) {
      throw new IronicException(
          Fault.INVALID_PARAMETER_VALUE,
          "image_url '%s' must be a URL with the scheme http, https or file".formatted(url));
    }
    Node node = lookups.node(request);
    lookups
        .locator()
        .forNode(node)
        .attachVirtualMedia(
            request.context(),
            node.uuid(),
            (String) Objects.requireNonNull(body.get("device_type")),
            url,
            (String) Objects.requireNonNullElse(body.get("image_download_source"), "local"));
    return Answer.empty(204);
  }

  private Answer detach(ApiRequest request) {
    String types = request.query("device_types");
    Node node = lookups.node(request);
    lookups
        .locator()
        .forNode(node)
        .detachVirtualMedia(
            request.context(),
            node.uuid(),
            types == null ? List.of() : List.copyOf(Resource.words(types)));
    return Answer.empty(204);
  }
}
