package dev.ironic.core.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** JSON in text columns: keys keep their order, maps may hold nulls, what is read is immutable. */
final class Json {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  static <T> T read(String text, TypeReference<T> type) {
    return MAPPER.readValue(text, type);
  }

  static Map<String, @Nullable Object> readMap(String text) {
    if (text.equals("{}")) {
      return Map.of();
    }
    return freeze(MAPPER.readValue(text, new TypeReference<LinkedHashMap<String, Object>>() {}));
  }

  static List<@Nullable Object> readList(String text) {
    if (text.equals("[]")) {
      return List.of();
    }
    return freeze(MAPPER.readValue(text, new TypeReference<ArrayList<Object>>() {}));
  }

  private static Map<String, @Nullable Object> freeze(Map<String, @Nullable Object> map) {
    map.replaceAll((key, value) -> freezeValue(value));
    return Collections.unmodifiableMap(map);
  }

  private static List<@Nullable Object> freeze(List<@Nullable Object> list) {
    list.replaceAll(Json::freezeValue);
    return Collections.unmodifiableList(list);
  }

  @SuppressWarnings("unchecked")
  private static @Nullable Object freezeValue(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> freeze((Map<String, @Nullable Object>) map);
      case List<?> list -> freeze((List<@Nullable Object>) list);
      case null -> null;
      default -> value;
    };
  }
}
