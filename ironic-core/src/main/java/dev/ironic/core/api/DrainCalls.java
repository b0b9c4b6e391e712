package dev.ironic.core.api;

import dev.ironic.core.conductor.ConductorService;
import dev.ironic.core.conductor.ConductorService.DrainReport;
import dev.ironic.core.model.ConductorRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes conductors give their work away before they end. Our own addition to the API. */
final class DrainCalls {

  private final Lookups lookups;

  DrainCalls(Lookups lookups) {
    this.lookups = lookups;
  }

  void register(Map<String, Handler> handlers) {
    handlers.put(
        "conductor.drain", request -> answer(202, conductor(request).drain(request.context())));
    handlers.put(
        "conductor.drain_report",
        request -> answer(200, conductor(request).drainReport(request.context())));
  }

  private ConductorService conductor(ApiRequest request) {
    ConductorRecord row = lookups.store().conductors().get(request.path("hostname"));
    return lookups.locator().ofHost(row.hostname());
  }

  private static Answer answer(int status, DrainReport report) {
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("conductor", report.host());
    document.put("draining", report.draining());
    document.put("running", report.running());
    document.put("nodes", report.nodes());
    return Answer.document(status, document);
  }
}
