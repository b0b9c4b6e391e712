package dev.ironic.core.inspection.rules;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a record that rules see, by their names on the wire, and how each is changed.
 * Immutable and thread-safe.
 *
 * @param <R> the record
 */
final class Attributes<R> {

  private record Attribute<R>(
      Function<R, @Nullable Object> read, @Nullable BiFunction<R, @Nullable Object, R> write) {}

  private final String kind;
  private final Map<String, Attribute<R>> byName = new LinkedHashMap<>();

  /**
   * Creates an empty table.
   *
   * @param kind what the record is called in messages
   */
  Attributes(String kind) {
    this.kind = kind;
  }

  /** An attribute that rules only read. */
  Attributes<R> shown(String name, Function<R, @Nullable Object> read) {
    byName.put(name, new Attribute<>(read, null));
    return this;
  }

  /** A text; null where the rule removes it. */
  Attributes<R> text(
      String name, Function<R, @Nullable Object> read, BiFunction<R, @Nullable String, R> write) {
    return add(name, read, (row, value) -> write.apply(row, textOrNull(name, value)));
  }

  /** A text that is always there. */
  Attributes<R> required(
      String name, Function<R, @Nullable Object> read, BiFunction<R, String, R> write) {
    return add(
        name,
        read,
        (row, value) -> {
          String text = textOrNull(name, value);
          if (text == null) {
            throw RuleError.of("%s of a %s can't be removed", name, kind);
          }
          return write.apply(row, text);
        });
  }

  /** A boolean; removing it makes it false. */
  Attributes<R> flag(
      String name, Function<R, @Nullable Object> read, BiFunction<R, Boolean, R> write) {
    return add(name, read, (row, value) -> write.apply(row, value != null && truth(name, value)));
  }

  /** An object; removing it leaves it empty. */
  Attributes<R> object(
      String name,
      Function<R, @Nullable Object> read,
      BiFunction<R, Map<String, @Nullable Object>, R> write) {
    return add(name, read, (row, value) -> write.apply(row, objectOf(name, value)));
  }

  /** Any other attribute. */
  Attributes<R> add(
      String name, Function<R, @Nullable Object> read, BiFunction<R, @Nullable Object, R> write) {
    byName.put(name, new Attribute<>(read, write));
    return this;
  }

  /**
   * The value of an attribute.
   *
   * @throws NoSuchElementException when there is none of that name
   */
  @Nullable Object read(R row, String name) {
    Attribute<R> attribute = byName.get(name);
    if (attribute == null) {
      throw new NoSuchElementException("a %s has no attribute '%s'".formatted(kind, name));
    }
    return attribute.read().apply(row);
  }

  /** The record with the value at a path set; objects on the way are made. */
  R set(R row, String path, @Nullable Object value) {
    List<String> parts = parts(path);
    return write(
        row,
        parts.getFirst(),
        parts.size() == 1 ? value : Paths.put(value(row, parts), rest(parts), value, path));
  }

  /** The record with a value added to the list at a path. */
  R extend(R row, String path, @Nullable Object value, boolean unique) {
    List<String> parts = parts(path);
    return write(
        row, parts.getFirst(), Paths.extend(value(row, parts), rest(parts), value, unique, path));
  }

  /** The record without the value at a path. */
  R remove(R row, String path) {
    List<String> parts = parts(path);
    return write(
        row,
        parts.getFirst(),
        parts.size() == 1 ? null : Paths.remove(value(row, parts), rest(parts), path));
  }

  private @Nullable Object value(R row, List<String> parts) {
    return writable(parts.getFirst()).read().apply(row);
  }

  private R write(R row, String name, @Nullable Object value) {
    BiFunction<R, @Nullable Object, R> write = writable(name).write();
    if (write == null) {
      throw RuleError.of("a rule can't change the attribute '%s' of a %s", name, kind);
    }
    return write.apply(row, value);
  }

  private Attribute<R> writable(String name) {
    Attribute<R> attribute = byName.get(name);
    if (attribute == null) {
      throw RuleError.of("a %s has no attribute '%s'", kind, name);
    }
    return attribute;
  }

  private static List<String> rest(List<String> parts) {
    return parts.subList(1, parts.size());
  }

  private static List<String> parts(String path) {
    List<String> parts =
        path.contains("/")
            ? List.of(path.replaceAll("^/+|/+$", "").split("/", -1))
            : List.of(path.split("\\.", -1));
    if (parts.contains("")) {
      throw RuleError.of("the path '%s' has an empty part; write /a/b or a.b", path);
    }
    return parts;
  }

  private static @Nullable String textOrNull(String name, @Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String text -> text;
      case Number number -> number.toString();
      default -> throw RuleError.of("%s must be a text, not %s", name, PythonText.shown(value));
    };
  }

  static boolean truth(String name, Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    }
    return switch (String.valueOf(value).strip().toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on", "1", "t", "y" -> true;
      case "false", "no", "off", "0", "f", "n" -> false;
      default ->
          throw RuleError.of("%s must be true or false, not %s", name, PythonText.shown(value));
    };
  }

  private static Map<String, @Nullable Object> objectOf(String name, @Nullable Object value) {
    return switch (value) {
      case null -> Map.of();
      case Map<?, ?> map -> Paths.copy(map);
      default -> throw RuleError.of("%s must be an object, not %s", name, PythonText.shown(value));
    };
  }
}
