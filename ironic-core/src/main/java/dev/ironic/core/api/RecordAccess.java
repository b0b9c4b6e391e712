package dev.ironic.core.api;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads and replaces components of records by name. Immutable. */
final class RecordAccess<T extends Record> {

  private final Class<T> type;
  private final RecordComponent[] components;
  private final Map<String, Integer> positions = new HashMap<>();
  private final MethodHandle[] accessors;
  private final MethodHandle constructor;

  RecordAccess(Class<T> type) {
    this.type = type;
    this.components = Objects.requireNonNull(type.getRecordComponents());
    this.accessors = new MethodHandle[components.length];
    var types = new Class<?>[components.length];
    try {
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      for (int i = 0; i < components.length; i++) {
        positions.put(components[i].getName(), i);
        types[i] = components[i].getType();
        accessors[i] = lookup.unreflect(components[i].getAccessor());
      }
      constructor = lookup.unreflectConstructor(type.getDeclaredConstructor(types));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot use the record " + type, e);
    }
  }

  boolean has(String component) {
    return positions.containsKey(component);
  }

  @Nullable Object read(T row, String component) {
    return read(row, position(component));
  }

  /** A copy with other values; a whole number fits any integer component. */
  T with(T row, Map<String, @Nullable Object> values) {
    Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      arguments[i] = read(row, i);
    }
    values.forEach(
        (name, value) -> {
          int i = position(name);
          Class<?> wanted = components[i].getType();
          arguments[i] =
              value instanceof Number number && (wanted == long.class || wanted == Long.class)
                  ? (Object) number.longValue()
                  : value;
        });
    try {
      return type.cast(constructor.invokeWithArguments(arguments));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("Cannot make a " + type.getSimpleName(), e);
    }
  }

  private @Nullable Object read(T row, int i) {
    try {
      return accessors[i].invoke(row);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("Cannot read " + components[i], e);
    }
  }

  private int position(String component) {
    Integer i = positions.get(component);
    if (i == null) {
      throw new IllegalArgumentException(type.getSimpleName() + " has no " + component);
    }
    return i;
  }
}
