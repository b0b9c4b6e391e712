package dev.ironic.core.events;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that a service tells the world. Holds no secrets.
 *
 * @param messageId UUID of this telling
 * @param eventType what it is about, such as {@code hardware.redfish.metrics}
 * @param publisherId the host that tells it
 * @param timestamp when it was told
 * @param payload the content: texts, numbers, booleans, maps and lists, as in JSON
 */
public record Event(
    String messageId,
    String eventType,
    String publisherId,
    Instant timestamp,
    Map<String, @Nullable Object> payload) {

  /** The event as it stands in a JSON document. */
  public Map<String, @Nullable Object> asMap() {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("message_id", messageId);
    map.put("publisher_id", publisherId);
    map.put("event_type", eventType);
    map.put("priority", "INFO");
    map.put("timestamp", timestamp.toString());
    map.put("payload", payload);
    return map;
  }
}
