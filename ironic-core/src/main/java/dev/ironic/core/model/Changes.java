package dev.ironic.core.model;

import java.util.LinkedHashMap;
import java.util.List;
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

  private final Components<T> components;
  private final T before;
  private final Map<String, @Nullable Object> values;

  private Changes(Components<T> components, T before, Map<String, @Nullable Object> values) {
    this.components = components;
    this.before = before;
    this.values = values;
  }

  /** What differs in {@code after}. */
  @SuppressWarnings("unchecked")
  public static <T extends Record> Changes<T> between(T before, T after) {
    Components<T> components = Components.of((Class<T>) before.getClass());
    var values = new LinkedHashMap<String, @Nullable Object>();
    List<String> names = components.names();
    for (int i = 0; i < names.size(); i++) {
      Object value = components.read(after, i);
      if (!Objects.equals(components.read(before, i), value)) {
        values.put(names.get(i), value);
      }
    }
    return new Changes<>(components, before, values);
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

  /**
   * Whether another version still has what is changed here. Where it has not, somebody else has
   * written the same components, and these changes would undo that.
   */
  public boolean fits(T current) {
    for (String name : values.keySet()) {
      int position = components.position(name);
      if (!Objects.equals(components.read(before, position), components.read(current, position))) {
        return false;
      }
    }
    return true;
  }

  /** The given version with these changes made. */
  public T applyTo(T current) {
    @Nullable Object[] all = components.readAll(current);
    values.forEach((name, value) -> all[components.position(name)] = value);
    return components.make(all);
  }
}
