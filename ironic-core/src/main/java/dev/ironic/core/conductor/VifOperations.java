package dev.ironic.core.conductor;

import dev.ironic.core.RequestContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Virtual network interfaces of nodes. Thread-safe. */
final class VifOperations {

  private final NodeWork work;

  VifOperations(NodeWork work) {
    this.work = work;
  }

  void attach(RequestContext context, String nodeUuid, Map<String, @Nullable Object> vif) {
    work.locked(
        context,
        nodeUuid,
        "attach vif",
        task -> {
          task.network().validate(task);
          task.network().attachVif(task, vif);
        });
  }

  void detach(RequestContext context, String nodeUuid, String vifId) {
    work.locked(
        context,
        nodeUuid,
        "detach vif",
        task -> {
          task.network().validate(task);
          task.network().detachVif(task, vifId);
        });
  }

  List<String> list(RequestContext context, String nodeUuid) {
    return work.shared(
        context,
        nodeUuid,
        "list vifs",
        task -> {
          task.network().validate(task);
          return task.network().vifs(task);
        });
  }
}
