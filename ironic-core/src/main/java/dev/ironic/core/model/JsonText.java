package dev.ironic.core.model;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A stored JSON object that is taken apart only when somebody looks inside: most are read from a
 * row to be written to the wire as they are. Equal to any map with the same members. Immutable,
 * thread-safe.
 */
public final class JsonText extends AbstractMap<String, @Nullable Object> {

  private final String text;
  private final Function<String, Map<String, @Nullable Object>> parser;
  private volatile @Nullable Map<String, @Nullable Object> parsed;

  /**
   * Wraps a text.
   *
   * @param parser takes it apart; the map must be immutable
   */
  public JsonText(String text, Function<String, Map<String, @Nullable Object>> parser) {
    this.text = text;
    this.parser = parser;
  }

  /** The object as it was stored. */
  public String text() {
    return text;
  }

  private Map<String, @Nullable Object> members() {
    Map<String, @Nullable Object> known = parsed;
    if (known == null) {
      known = parser.apply(text);
      parsed = known;
    }
    return known;
  }

  @Override
  public Set<Entry<String, @Nullable Object>> entrySet() {
    return members().entrySet();
  }

  @Override
  public @Nullable Object get(Object key) {
    return members().get(key);
  }

  @Override
  public boolean containsKey(Object key) {
    return members().containsKey(key);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other == this
        || (other instanceof JsonText stored && stored.text.equals(text))
        || members().equals(other);
  }

  @Override
  public int hashCode() {
    return members().hashCode();
  }
}
