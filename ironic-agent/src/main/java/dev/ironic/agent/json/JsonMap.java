package dev.ironic.agent.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object with typed access; absent and null members are the same to the reader. Immutable at
 * its own level. Booleans and numbers are also taken from text, as senders on this wire mix them.
 *
 * @param members the members in order
 */
public record JsonMap(Map<String, @Nullable Object> members) {

  private static final JsonMap EMPTY = new JsonMap(Map.of());

  private static final Set<String> TRUE = Set.of("true", "1", "yes", "on", "t", "y");
  private static final Set<String> FALSE = Set.of("false", "0", "no", "off", "f", "n");

  /** Wraps a parsed object; keys become text. */
  public static JsonMap of(Map<?, ?> map) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    map.forEach((name, value) -> members.put(String.valueOf(name), value));
    return new JsonMap(Collections.unmodifiableMap(members));
  }

  /** The object without members. */
  public static JsonMap empty() {
    return EMPTY;
  }

  /** The member as parsed, or null. */
  public @Nullable Object get(String name) {
    return members.get(name);
  }

  /** The member as text; null if absent; numbers and booleans in their JSON spelling. */
  public @Nullable String text(String name) {
    return switch (members.get(name)) {
      case null -> null;
      case String text -> text;
      case Number number -> number.toString();
      case Boolean flag -> flag.toString();
      case Object other -> throw wrong(name, "text", other);
    };
  }

  /** The member as text, or the given one if absent. */
  public String text(String name, String absent) {
    String text = text(name);
    return text == null ? absent : text;
  }

  /** The member as a whole number, or the given one if absent. */
  public long number(String name, long absent) {
    return switch (members.get(name)) {
      case null -> absent;
      case Number number -> number.longValue();
      case String text -> {
        try {
          yield Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
          throw wrong(name, "a whole number", text);
        }
      }
      case Object other -> throw wrong(name, "a whole number", other);
    };
  }

  /** The member as a truth value, or the given one if absent. */
  public boolean flag(String name, boolean absent) {
    return switch (members.get(name)) {
      case null -> absent;
      case Boolean flag -> flag;
      case String text when TRUE.contains(text.strip().toLowerCase(java.util.Locale.ROOT)) -> true;
      case String text when FALSE.contains(text.strip().toLowerCase(java.util.Locale.ROOT)) ->
          false;
      case Object other -> throw wrong(name, "true or false", other);
    };
  }

  /** The member as an object; the empty one if absent. */
  public JsonMap map(String name) {
    return switch (members.get(name)) {
      case null -> EMPTY;
      case Map<?, ?> map -> of(map);
      case Object other -> throw wrong(name, "an object", other);
    };
  }

  /** The member as a list; the empty one if absent. */
  public List<?> list(String name) {
    return switch (members.get(name)) {
      case null -> List.of();
      case List<?> list -> list;
      case Object other -> throw wrong(name, "a list", other);
    };
  }

  // The value itself stays out of the message: members of this wire may be secrets.
  private static MalformedJsonException wrong(String name, String wanted, Object got) {
    return new MalformedJsonException(
        "'" + name + "' must be " + wanted + ", not " + kind(got) + ".");
  }

  private static String kind(Object value) {
    return switch (value) {
      case Map<?, ?> map -> "an object";
      case List<?> list -> "a list";
      case String text -> "the text of " + text.length() + " characters given";
      case Number number -> "the number " + number;
      default -> value.toString();
    };
  }
}
