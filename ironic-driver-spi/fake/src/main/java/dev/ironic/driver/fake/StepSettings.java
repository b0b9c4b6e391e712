package dev.ironic.driver.fake;

import dev.ironic.driver.DriverException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the argument {@code settings} of a step. */
final class StepSettings {

  private StepSettings() {}

  static List<Map<String, @Nullable Object>> of(Map<String, @Nullable Object> args) {
    if (!(args.get("settings") instanceof List<?> list)) {
      throw DriverException.invalid("The argument 'settings' must be a list of objects");
    }
    return list.stream().map(StepSettings::item).toList();
  }

  private static Map<String, @Nullable Object> item(Object item) {
    if (!(item instanceof Map<?, ?> map)) {
      throw DriverException.invalid("The argument 'settings' must be a list of objects");
    }
    var copy = new LinkedHashMap<String, @Nullable Object>();
    map.forEach((key, value) -> copy.put(String.valueOf(key), value));
    return copy;
  }
}
