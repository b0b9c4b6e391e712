package dev.ironic.core.conductor;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a conductor tells about itself: how busy it is, and how its periodic tasks fare. */
record Figures(Workers workers, Periodics periodics)
    implements Supplier<Map<String, @Nullable Object>> {

  @Override
  public Map<String, @Nullable Object> get() {
    var figures = new LinkedHashMap<String, @Nullable Object>();
    figures.put("workers.busy", Map.of("type", "gauge", "value", workers.busy()));
    figures.put("workers.size", Map.of("type", "gauge", "value", workers.size()));
    for (PeriodicReport report : periodics.reports()) {
      var task = new LinkedHashMap<String, @Nullable Object>();
      task.put("type", "periodic");
      task.put("spacing", report.spacing().toSeconds());
      task.put("runs", report.runs());
      task.put("failures", report.failures());
      task.put("overruns", report.overruns());
      task.put("skipped", report.skipped());
      Duration last = report.lastDuration();
      task.put("last_seconds", last == null ? null : last.toMillis() / 1000.0);
      figures.put("periodic." + report.name(), task);
    }
    return figures;
  }
}
