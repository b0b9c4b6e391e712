package dev.ironic.core.inspection.rules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes in nested objects. What is given stays as it is; what differs is a copy. */
final class Paths {

  private Paths() {}

  /**
   * Puts a value at a path; objects on the way are made.
   *
   * @param in an object, or null for none yet
   * @param whole the path as the rule has it, for messages
   */
  static Map<String, @Nullable Object> put(
      @Nullable Object in, List<String> path, @Nullable Object value, String whole) {
    Map<String, @Nullable Object> copy = in == null ? new LinkedHashMap<>() : object(in, whole);
    String key = path.getFirst();
    copy.put(
        key,
        path.size() == 1 ? value : put(copy.get(key), path.subList(1, path.size()), value, whole));
    return copy;
  }

  /**
   * Adds to the list at a path; it is made where there is none.
   *
   * @param path empty when {@code in} is the list itself
   */
  static Object extend(
      @Nullable Object in,
      List<String> path,
      @Nullable Object value,
      boolean unique,
      String whole) {
    if (!path.isEmpty()) {
      Map<String, @Nullable Object> copy = in == null ? new LinkedHashMap<>() : object(in, whole);
      String key = path.getFirst();
      copy.put(key, extend(copy.get(key), path.subList(1, path.size()), value, unique, whole));
      return copy;
    }
    var list = new ArrayList<@Nullable Object>();
    if (in instanceof List<?> present) {
      list.addAll(present);
    } else if (in != null) {
      throw RuleError.of("what stands at '%s' is no list and can't be extended", whole);
    }
    if (!unique || !list.contains(value)) {
      list.add(value);
    }
    return list;
  }

  /**
   * Removes what stands at a path.
   *
   * @throws dev.ironic.core.IronicException when nothing stands there
   */
  static Map<String, @Nullable Object> remove(
      @Nullable Object in, List<String> path, String whole) {
    Map<String, @Nullable Object> copy = in == null ? new LinkedHashMap<>() : object(in, whole);
    String key = path.getFirst();
    if (!copy.containsKey(key)) {
      throw RuleError.of("nothing stands at '%s'", whole);
    }
    if (path.size() == 1) {
      copy.remove(key);
    } else {
      copy.put(key, remove(copy.get(key), path.subList(1, path.size()), whole));
    }
    return copy;
  }

  /** A copy that can be changed at its top. */
  static Map<String, @Nullable Object> copy(Map<?, ?> map) {
    var copy = new LinkedHashMap<String, @Nullable Object>();
    map.forEach((key, value) -> copy.put(String.valueOf(key), value));
    return copy;
  }

  private static Map<String, @Nullable Object> object(Object in, String whole) {
    if (in instanceof Map<?, ?> map) {
      return copy(map);
    }
    throw RuleError.of("the path '%s' leads through something that is no object", whole);
  }
}
