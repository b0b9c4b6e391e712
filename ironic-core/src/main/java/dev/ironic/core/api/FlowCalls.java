package dev.ironic.core.api;

import dev.ironic.core.model.Flow;
import dev.ironic.core.model.FlowStep;
import dev.ironic.core.model.Node;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The timeline of a node: what was done to it, step by step, and how long each took. Our own
 * addition to the API.
 */
final class FlowCalls {

  private static final int SHOWN = 20;

  private final Lookups lookups;
  private final InstantSource clock;

  FlowCalls(Lookups lookups, InstantSource clock) {
    this.lookups = lookups;
    this.clock = clock;
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("node.flows", this::flows);
  }

  private Answer flows(ApiRequest request) {
    Node node = lookups.node(request);
    String limit = request.query("limit");
    int count = limit == null ? SHOWN : (Integer) FieldType.INTEGER.accept("limit", limit);
    List<Map<String, @Nullable Object>> flows =
        lookups.store().flows().ofNode(node.id(), count).stream().map(this::document).toList();
    return Answer.document(200, Map.of("flows", flows));
  }

  private Map<String, @Nullable Object> document(Flow flow) {
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("uuid", flow.uuid());
    document.put("kind", flow.kind().wireName());
    document.put("state", flow.state().name().toLowerCase(Locale.ROOT));
    document.put("request_id", flow.requestId());
    document.put("user", flow.user());
    document.put("project", flow.project());
    document.put("conductor", flow.conductor());
    document.put("started_at", flow.startedAt());
    document.put("ended_at", flow.endedAt());
    document.put("duration", seconds(flow.startedAt(), flow.endedAt()));
    document.put("error", flow.error());
    document.put("steps", flow.steps().stream().map(this::document).toList());
    return document;
  }

  private Map<String, @Nullable Object> document(FlowStep step) {
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("interface", step.interfaceName());
    document.put("step", step.step());
    document.put("state", step.state().name().toLowerCase(Locale.ROOT));
    document.put("started_at", step.startedAt());
    document.put("ended_at", step.endedAt());
    document.put("duration", seconds(step.startedAt(), step.endedAt()));
    document.put("progress", progress(step));
    document.put("error", step.error());
    return document;
  }

  private static @Nullable Map<String, @Nullable Object> progress(FlowStep step) {
    if (step.message() == null && step.progressDone() == null) {
      return null;
    }
    var progress = new LinkedHashMap<String, @Nullable Object>();
    progress.put("message", step.message());
    progress.put("done", step.progressDone());
    progress.put("total", step.progressTotal());
    progress.put("unit", step.progressUnit());
    progress.put("percent", percent(step.progressDone(), step.progressTotal()));
    return progress;
  }

  private static @Nullable Long percent(@Nullable Long done, @Nullable Long total) {
    return done == null || total == null || total <= 0 ? null : done * 100 / total;
  }

  /** What lives still counts up to now. */
  private @Nullable Double seconds(@Nullable Instant start, @Nullable Instant end) {
    if (start == null) {
      return null;
    }
    Instant until = end == null ? clock.instant() : end;
    return Duration.between(start, until).toMillis() / 1000.0;
  }
}
