package dev.ironic.core.model;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The difference between two versions of a record: what a writer means to change. Only these
 * components are written, so that what others change meanwhile stays. Immutable.
 *
 * @param <T> the record
 */
public final class Changes<T extends Record> {

  private final Class<T> type;
  private final Map<String, @Nullable Object> values;

  private Changes(Class<T> type, Map<String, @Nullable Object> values) {
    this.type = type;
    this.values = values;
  }

  /** What differs in {@code after}. */
  @SuppressWarnings("unchecked")
  public static <T extends Record> Changes<T> between(T before, T after) {
    var values = new LinkedHashMap<String, @Nullable Object>();
    for (RecordComponent component : before.getClass().getRecordComponents()) {
      Object value = read(component, after);
      if (!Objects.equals(read(component, before), value)) {
        values.put(component.getName(), value);
      }
    }
    return new Changes<>((Class<T>) before.getClass(), values);
  }

  /** Names of the changed components, in the record's order. */
  public Set<String> names() {
    return values.keySet();
  }

  /** Whether a component changes. */
  public boolean touches(String component) {
    return values.containsKey(component);
  }

  /** Whether nothing changes. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** New value by component name; may hold nulls. */
  public Map<String, @Nullable Object> values() {
    return values;
  }

  /** The given version with these changes made. */
  public T applyTo(T current) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] arguments =
        Arrays.stream(components)
            .map(c -> values.containsKey(c.getName()) ? values.get(c.getName()) : read(c, current))
            .toArray();
    try {
      return type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new))
          .newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot make a " + type.getSimpleName(), e);
    }
  }

  private static @Nullable Object read(RecordComponent component, Record source) {
    try {
      return component.getAccessor().invoke(source);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("Cannot read " + component, e);
    }
  }
}
