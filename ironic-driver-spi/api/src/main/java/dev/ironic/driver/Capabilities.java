package dev.ironic.driver;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The {@code capabilities} of a node or an instance: a map, or a text like {@code
 * boot_mode:uefi,secure_boot:true}.
 *
 * @param values by name
 */
public record Capabilities(Map<String, String> values) {

  /** Copies what could be changed from outside. */
  public Capabilities {
    values = Map.copyOf(values);
  }

  /**
   * Reads them.
   *
   * @param holder a node's {@code properties} or {@code instance_info}
   */
  public static Capabilities of(Map<String, @Nullable Object> holder) {
    var values = new LinkedHashMap<String, String>();
    switch (holder.get("capabilities")) {
      case Map<?, ?> map -> map.forEach((key, value) -> values.put(key + "", value + ""));
      case String text -> {
        for (String pair : text.split(",", -1)) {
          int colon = pair.indexOf(':');
          if (colon > 0) {
            values.put(pair.substring(0, colon).strip(), pair.substring(colon + 1).strip());
          }
        }
      }
      case null, default -> {}
    }
    return new Capabilities(values);
  }

  /** The value of one, or empty. */
  public Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name));
  }
}
