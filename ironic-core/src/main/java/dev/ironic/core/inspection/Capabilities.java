package dev.ironic.core.inspection;

import static java.util.stream.Collectors.joining;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The text form of capabilities: {@code name:value} pairs with commas between them. */
final class Capabilities {

  private Capabilities() {}

  /**
   * The text with one capability set.
   *
   * @param present the text so far; what is no pair in it is dropped
   */
  static String with(@Nullable Object present, String name, String value) {
    Map<String, String> pairs = pairs(present);
    pairs.put(name, value);
    return text(pairs);
  }

  /** The text without one capability. */
  static String without(@Nullable Object present, String name) {
    Map<String, String> pairs = pairs(present);
    pairs.remove(name);
    return text(pairs);
  }

  private static Map<String, String> pairs(@Nullable Object present) {
    var pairs = new LinkedHashMap<String, String>();
    if (present instanceof String text) {
      for (String pair : text.split(",", -1)) {
        int colon = pair.indexOf(':');
        if (colon > 0) {
          pairs.put(pair.substring(0, colon).strip(), pair.substring(colon + 1).strip());
        }
      }
    }
    return pairs;
  }

  private static String text(Map<String, String> pairs) {
    return pairs.entrySet().stream()
        .map(pair -> pair.getKey() + ":" + pair.getValue())
        .collect(joining(","));
  }
}
