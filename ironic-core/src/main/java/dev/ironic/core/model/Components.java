package dev.ironic.core.model;

import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The components of a record by name and position: what reads, compares and makes records that it
 * knows only by their class. Immutable.
 *
 * @param <T> the record, which must be public
 */
public final class Components<T extends Record> {

  /** Facts of classes; found once for each. */
  private static final ClassValue<Components<?>> KNOWN =
      new ClassValue<>() {
        @Override
        protected Components<?> computeValue(Class<?> type) {
          return new Components<>(type.asSubclass(Record.class));
        }
      };

  private final Class<T> type;
  private final List<String> names;
  private final Class<?>[] types;
  private final Map<String, Integer> positions = new HashMap<>();
  private final List<Function<Object, @Nullable Object>> accessors;
  private final MethodHandle constructor;

  private Components(Class<T> type) {
    this.type = type;
    RecordComponent[] components = Objects.requireNonNull(type.getRecordComponents());
    names = Arrays.stream(components).map(RecordComponent::getName).toList();
    types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    for (int i = 0; i < types.length; i++) {
      positions.put(names.get(i), i);
    }
    accessors = Arrays.stream(components).map(Components::accessor).toList();
    try {
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      constructor =
          lookup
              .unreflectConstructor(type.getDeclaredConstructor(types))
              .asSpreader(Object[].class, types.length)
              .asType(MethodType.methodType(Object.class, Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot use the record " + type, e);
    }
  }

  /** Makes a lambda of an accessor: a page of nodes calls them a hundred thousand times. */
  @SuppressWarnings("unchecked")
  private static Function<Object, @Nullable Object> accessor(RecordComponent component) {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    try {
      MethodHandle accessor = lookup.unreflect(component.getAccessor());
      return (Function<Object, @Nullable Object>)
          LambdaMetafactory.metafactory(
                  lookup,
                  "apply",
                  MethodType.methodType(Function.class),
                  MethodType.methodType(Object.class, Object.class),
                  accessor,
                  accessor.type().wrap())
              .getTarget()
              .invoke();
    } catch (Throwable e) {
      throw new IllegalStateException("Cannot read " + component, e);
    }
  }

  /** The components of a record class. */
  @SuppressWarnings("unchecked")
  public static <T extends Record> Components<T> of(Class<T> type) {
    return (Components<T>) KNOWN.get(type);
  }

  /** Their names, in order. */
  public List<String> names() {
    return names;
  }

  /** The declared class of one. */
  public Class<?> type(int position) {
    return types[position];
  }

  /** Whether there is one of this name. */
  public boolean has(String name) {
    return positions.containsKey(name);
  }

  /**
   * Where a component stands.
   *
   * @throws IllegalArgumentException for a name that the record lacks
   */
  public int position(String name) {
    Integer position = positions.get(name);
    if (position == null) {
      throw new IllegalArgumentException(type.getSimpleName() + " has no component '" + name + "'");
    }
    return position;
  }

  /** A component's value. */
  public @Nullable Object read(T row, int position) {
    return accessors.get(position).apply(row);
  }

  /** Reads one component, for those who do so often. */
  public Function<Object, @Nullable Object> reader(int position) {
    return accessors.get(position);
  }

  /** All values, in order; the array is the caller's. */
  public @Nullable Object[] readAll(T row) {
    var values = new @Nullable Object[types.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = read(row, i);
    }
    return values;
  }

  /** The record with these values, in order. */
  public T make(@Nullable Object[] values) {
    try {
      return type.cast((Object) constructor.invokeExact(values));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("Cannot make a " + type.getSimpleName(), e);
    }
  }
}
