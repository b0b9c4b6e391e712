package dev.ironic.core.api;

import dev.ironic.core.model.Components;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads and replaces components of records by name. Immutable. */
final class RecordAccess<T extends Record> {

  private final Components<T> components;

  RecordAccess(Class<T> type) {
    components = Components.of(type);
  }

  boolean has(String component) {
    return components.has(component);
  }

  /** Whether a component cannot be null. */
  boolean isPrimitive(String component) {
    return components.type(components.position(component)).isPrimitive();
  }

  @Nullable Object read(T row, String component) {
    return components.read(row, components.position(component));
  }

  /** Reads one component, found once. */
  BiFunction<T, View, @Nullable Object> reader(String component) {
    Function<Object, @Nullable Object> reader = components.reader(components.position(component));
    return (row, view) -> reader.apply(row);
  }

  /** A copy with other values; a whole number fits any integer component. */
  T with(T row, Map<String, @Nullable Object> values) {
    @Nullable Object[] all = components.readAll(row);
    values.forEach(
        (name, value) -> {
          int i = components.position(name);
          Class<?> wanted = components.type(i);
          all[i] =
              value instanceof Number number && (wanted == long.class || wanted == Long.class)
                  ? (Object) number.longValue()
                  : value;
        });
    return components.make(all);
  }
}
