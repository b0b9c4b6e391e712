package dev.ironic.core.conductor;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes values into messages the way Ironic's users know them, secrets masked. */
final class WireText {

  private WireText() {}

  static String of(@Nullable Object value) {
    return switch (value) {
      case null -> "None";
      case Boolean flag -> flag ? "True" : "False";
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(
                  e ->
                      of(e.getKey())
                          + ": "
                          + (secret(String.valueOf(e.getKey())) && e.getValue() != null
                              ? "'******'"
                              : of(e.getValue())))
              .collect(Collectors.joining(", ", "{", "}"));
      case List<?> list ->
          list.stream().map(WireText::of).collect(Collectors.joining(", ", "[", "]"));
      case Number number -> number.toString();
      default -> "'" + value.toString().replace("'", "\\'") + "'";
    };
  }

  private static boolean secret(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    return lower.contains("password") || lower.contains("secret") || lower.contains("token");
  }
}
