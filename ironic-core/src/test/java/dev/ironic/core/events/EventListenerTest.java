package dev.ironic.core.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.core.config.IronicConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Where events go. */
class EventListenerTest {

  @TempDir private Path folder = Path.of("");

  private static Event event(String name) {
    var payload = new HashMap<String, @Nullable Object>();
    payload.put("node_name", name);
    payload.put("instance_uuid", null);
    return new Event(
        "id-" + name,
        "hardware.fake.metrics",
        "cond-1",
        Instant.parse("2026-03-01T12:00:00Z"),
        payload);
  }

  private EventListener configured(Map<String, String> options) {
    return EventListener.from(IronicConfig.of(Map.of("oslo_messaging_notifications", options)));
  }

  @Test
  void aFileHoldsALineOfJsonForEachEvent() throws IOException {
    Path file = folder.resolve("new/events.json");
    EventListener listener = configured(Map.of("driver", "file", "file", file.toString()));
    listener.on(event("a"));
    listener.on(event("b\nc"));
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(2);
    Map<?, ?> first = new JsonMapper().readValue(lines.getFirst(), Map.class);
    var payload = new HashMap<String, @Nullable Object>();
    payload.put("node_name", "a");
    payload.put("instance_uuid", null);
    assertThat(first)
        .isEqualTo(
            Map.of(
                "message_id", "id-a",
                "publisher_id", "cond-1",
                "event_type", "hardware.fake.metrics",
                "priority", "INFO",
                "timestamp", "2026-03-01T12:00:00Z",
                "payload", payload));
  }

  @Test
  void aFileThatIsMovedAwayBeginsAnew() throws IOException {
    Path file = folder.resolve("events.json");
    var listener = new EventFile(file);
    listener.on(event("a"));
    Files.move(file, folder.resolve("events.json.1"));
    listener.on(event("b"));
    assertThat(Files.readAllLines(file)).singleElement().asString().contains("id-b");
  }

  @Test
  void linesOfManyThreadsDoNotMix() throws Exception {
    Path file = folder.resolve("events.json");
    var listener = new EventFile(file);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.invokeAll(
          IntStream.range(0, 100)
              .mapToObj(
                  i ->
                      (Callable<Boolean>)
                          () -> {
                            listener.on(event("n" + i));
                            return true;
                          })
              .toList());
    }
    var json = new JsonMapper();
    assertThat(Files.readAllLines(file))
        .hasSize(100)
        .allSatisfy(line -> assertThat(json.readTree(line).has("payload")).isTrue());
  }

  @Test
  void aFileNeedsAPath() {
    assertThatThrownBy(() -> configured(Map.of("driver", "file")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[oslo_messaging_notifications] file");
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed() throws IOException {
    Path blocked = Files.writeString(folder.resolve("no-folder"), "");
    var listener = new EventFile(blocked.resolve("events.json"));
    assertThatThrownBy(() -> listener.on(event("a"))).hasMessageContaining(blocked.toString());
  }
}
