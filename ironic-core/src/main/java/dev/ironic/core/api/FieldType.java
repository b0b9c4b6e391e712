package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The types of members, each with what it takes as input. */
enum FieldType {
  STRING("string"),
  UUID("uuid"),
  IDENT("uuid|name"),
  MAC("mac"),
  BOOLEAN("boolean"),
  INTEGER("integer"),
  DATETIME("datetime"),
  OBJECT("object"),
  STRINGS("array<string>"),
  OBJECTS("array<object>"),
  LINKS("links"),
  CSV("csv"),
  CONFIG_DRIVE("string|object|null");

  private static final Pattern UUID_PATTERN =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern MAC_PATTERN = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}");
  private static final Pattern NAME_PATTERN = Pattern.compile("[A-Za-z0-9\\-._~]{1,255}");
  private static final Set<String> TRUE = Set.of("true", "t", "1", "on", "yes", "y");
  private static final Set<String> FALSE = Set.of("false", "f", "0", "off", "no", "n");

  private final String wireName;

  FieldType(String wireName) {
    this.wireName = wireName;
  }

  static FieldType ofWireName(String name) {
    for (FieldType type : values()) {
      if (type.wireName.equals(name)) {
        return type;
      }
    }
    throw new IllegalArgumentException("Unknown type " + name);
  }

  /** Whether values of a type can stand in a query string. */
  static boolean isScalar(String name) {
    return switch (ofWireName(name)) {
      case STRING, UUID, IDENT, MAC, BOOLEAN, INTEGER, CSV -> true;
      case DATETIME, OBJECT, STRINGS, OBJECTS, LINKS, CONFIG_DRIVE -> false;
    };
  }

  /**
   * Checks a value that is not null and brings it into its normal form.
   *
   * @throws IronicException 400
   */
  Object accept(String name, Object value) {
    return switch (this) {
      case STRING -> {
        if (value instanceof String text) {
          yield text;
        }
        throw refused(name, value, "a string");
      }
      case UUID -> {
        if (value instanceof String text && isUuid(text)) {
          yield text.toLowerCase(Locale.ROOT);
        }
        throw refused(name, value, "a UUID");
      }
      case IDENT -> {
        if (value instanceof String text && isIdent(text)) {
          yield isUuid(text) ? text.toLowerCase(Locale.ROOT) : text;
        }
        throw refused(name, value, "a UUID or a logical name");
      }
      case MAC -> {
        if (value instanceof String text
            && MAC_PATTERN.matcher(text.toLowerCase(Locale.ROOT)).matches()) {
          yield text.toLowerCase(Locale.ROOT);
        }
        throw refused(name, value, "a MAC address");
      }
      case BOOLEAN -> {
        if (value instanceof Boolean flag) {
          yield flag;
        }
        if (value instanceof String text) {
          String word = text.trim().toLowerCase(Locale.ROOT);
          if (TRUE.contains(word)) {
            yield true;
          }
          if (FALSE.contains(word)) {
            yield false;
          }
        }
        throw refused(name, value, "a boolean");
      }
      case INTEGER -> {
        if (value instanceof Long number && number == number.intValue()) {
          yield number.intValue();
        }
        if (value instanceof Integer number) {
          yield number;
        }
        if (value instanceof String text && text.matches("-?\\d{1,9}")) {
          yield Integer.valueOf(text);
        }
        throw refused(name, value, "a whole number of at most 32 bits");
      }
      case OBJECT -> {
        if (value instanceof Map<?, ?>) {
          yield value;
        }
        throw refused(name, value, "an object");
      }
      case STRINGS -> {
        if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
          yield list;
        }
        throw refused(name, value, "a list of strings");
      }
      case OBJECTS -> {
        if (value instanceof List<?> list && list.stream().allMatch(Map.class::isInstance)) {
          yield list;
        }
        throw refused(name, value, "a list of objects");
      }
      case CONFIG_DRIVE -> {
        if (value instanceof String || value instanceof Map<?, ?>) {
          yield value;
        }
        throw refused(name, value, "a string or an object");
      }
      case CSV -> {
        if (value instanceof String text) {
          yield text;
        }
        throw refused(name, value, "a comma-separated list");
      }
      case DATETIME, LINKS -> throw refused(name, value, "left out: it can't be set");
    };
  }

  /** Whether a text is a canonical UUID, in any case. */
  static boolean isUuid(String text) {
    return text.length() == 36 && UUID_PATTERN.matcher(text.toLowerCase(Locale.ROOT)).matches();
  }

  /** Whether a text is a UUID or a logical name. */
  static boolean isIdent(String text) {
    return NAME_PATTERN.matcher(text).matches();
  }

  /** What a field of this type holds when nothing was said. */
  @Nullable Object empty() {
    return switch (this) {
      case OBJECT -> Map.of();
      case STRINGS, OBJECTS -> List.of();
      case BOOLEAN -> false;
      default -> null;
    };
  }

  private static IronicException refused(String name, Object value, String wanted) {
    boolean showable = !(value instanceof Map || value instanceof List || Masking.isSecret(name));
    String shown = showable ? String.valueOf(value) : "the value";
    return new IronicException(
        Fault.INVALID_PARAMETER_VALUE,
        "Invalid value for "
            + name
            + ": '"
            + (shown.length() > 80 ? shown.substring(0, 80) + "..." : shown)
            + "' must be "
            + wanted);
  }
}
