package dev.ironic.core.inspection.rules;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values as texts. Rules were written for a service in Python, and compare with what it makes of
 * null, booleans, lists and objects.
 */
final class PythonText {

  private PythonText() {}

  /** The text of a value. */
  static String of(@Nullable Object value) {
    return value instanceof String text ? text : shown(value);
  }

  /** The text of a value as it looks inside a list. */
  static String shown(@Nullable Object value) {
    var out = new StringBuilder();
    append(out, value);
    return out.toString();
  }

  private static void append(StringBuilder out, @Nullable Object value) {
    switch (value) {
      case null -> out.append("None");
      case Boolean flag -> out.append(flag ? "True" : "False");
      case String text -> quote(out, text);
      case List<?> list -> {
        out.append('[');
        String separator = "";
        for (Object item : list) {
          out.append(separator);
          append(out, item);
          separator = ", ";
        }
        out.append(']');
      }
      case Map<?, ?> map -> {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          out.append(separator);
          append(out, entry.getKey());
          out.append(": ");
          append(out, entry.getValue());
          separator = ", ";
        }
        out.append('}');
      }
      default -> out.append(value);
    }
  }

  private static void quote(StringBuilder out, String text) {
    char mark = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    out.append(mark);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c == mark) {
            out.append('\\');
          }
          out.append(c);
        }
      }
    }
    out.append(mark);
  }
}
