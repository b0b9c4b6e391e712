package dev.ironic.core.inspection.rules;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of an action, filled in.
 *
 * @param values by name
 */
record EffectArguments(Map<String, @Nullable Object> values) {

  @Nullable Object value(String name) {
    return values.get(name);
  }

  /** A text that must not be empty. */
  String text(String name) {
    String text = values.get(name) == null ? "" : PythonText.of(values.get(name));
    if (text.isBlank()) {
      throw RuleError.of("%s must not be empty", name);
    }
    return text;
  }

  boolean flag(String name) {
    Object value = values.get(name);
    return value != null && Attributes.truth(name, value);
  }

  double number(String name, double otherwise) {
    Object value = values.get(name);
    if (value == null) {
      return otherwise;
    }
    try {
      return Double.parseDouble(value.toString());
    } catch (NumberFormatException e) {
      throw RuleError.of("%s must be a number, not %s", name, PythonText.shown(value));
    }
  }

  /** An object of texts; empty where there is none. */
  Map<String, String> texts(String name) {
    return switch (values.get(name)) {
      case Map<?, ?> map -> {
        var texts = new java.util.LinkedHashMap<String, String>();
        map.forEach((key, value) -> texts.put(String.valueOf(key), PythonText.of(value)));
        yield texts;
      }
      case null -> Map.of();
      default -> throw RuleError.of("%s must be an object", name);
    };
  }
}
