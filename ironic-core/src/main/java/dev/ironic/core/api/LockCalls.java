package dev.ironic.core.api;

import dev.ironic.core.store.LockInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who works on a node, since when and what for. Our own addition to the API. */
final class LockCalls {

  private final Lookups lookups;

  LockCalls(Lookups lookups) {
    this.lookups = lookups;
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("node.lock", this::lock);
  }

  private Answer lock(ApiRequest request) {
    LockInfo lock = lookups.store().nodes().lockInfo(lookups.node(request).id());
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("locked", lock.holder() != null);
    document.put("conductor", lock.holder());
    document.put("since", lock.since());
    document.put("purpose", lock.purpose());
    document.put("number", lock.fence());
    return Answer.document(200, document);
  }
}
