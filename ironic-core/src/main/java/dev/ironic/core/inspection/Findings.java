package dev.ironic.core.inspection;

import dev.ironic.core.model.Node;
import dev.ironic.core.store.Store;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What an inspection found, while hooks work on it. Used by one thread, under the node's lock.
 *
 * <p>The data come from the machine itself: nothing in them is taken for granted.
 */
public final class Findings {

  /** Changes and stores the node under its lock. */
  @FunctionalInterface
  public interface NodeWriter {

    /** Changes the node; returns it as stored. */
    Node save(UnaryOperator<Node> change);
  }

  private final Store store;
  private final NodeWriter writer;
  private final Map<String, @Nullable Object> inventory;
  private final Map<String, @Nullable Object> pluginData;
  private Node node;

  /**
   * Creates findings.
   *
   * @param node the node inspected
   * @param inventory the hardware inventory; read only
   * @param pluginData what the collectors added; hooks add to a copy
   */
  public Findings(
      Store store,
      NodeWriter writer,
      Node node,
      Map<String, @Nullable Object> inventory,
      Map<String, @Nullable Object> pluginData) {
    this.store = store;
    this.writer = writer;
    this.node = node;
    this.inventory = Collections.unmodifiableMap(new LinkedHashMap<>(inventory));
    this.pluginData = new LinkedHashMap<>(pluginData);
  }

  /** The node as last read or written. */
  public Node node() {
    return node;
  }

  /** The hardware inventory. */
  public Map<String, @Nullable Object> inventory() {
    return inventory;
  }

  /** What the collectors and the hooks added; may be changed. */
  public Map<String, @Nullable Object> pluginData() {
    return pluginData;
  }

  Store store() {
    return store;
  }

  void change(UnaryOperator<Node> change) {
    node = writer.save(change);
  }

  void property(String key, Object value) {
    change(
        current -> {
          var properties = new LinkedHashMap<String, @Nullable Object>(current.properties());
          properties.put(key, value);
          return current.with(b -> b.properties(properties));
        });
  }

  /** Sets one of {@code properties.capabilities}, a text of the form {@code a:b,c:d}. */
  void capability(String name, String value) {
    property("capabilities", Capabilities.with(node.properties().get("capabilities"), name, value));
  }

  /** A part of the inventory that is an object; empty when it is missing or something else. */
  Map<?, ?> section(String name) {
    return inventory.get(name) instanceof Map<?, ?> map ? map : Map.of();
  }

  /** A list of objects in the inventory; what is no object is left out. */
  List<Map<?, ?>> entries(String name) {
    if (!(inventory.get(name) instanceof List<?> list)) {
      return List.of();
    }
    return list.stream()
        .<Map<?, ?>>mapMulti(
            (entry, out) -> {
              if (entry instanceof Map<?, ?> map) {
                out.accept(map);
              }
            })
        .toList();
  }

  /** A text that is there and not blank. */
  static Optional<String> text(Map<?, ?> map, String key) {
    return map.get(key) instanceof String text && !text.isBlank()
        ? Optional.of(text.strip())
        : Optional.empty();
  }

  /** A whole number that is there. */
  static Optional<Long> number(Map<?, ?> map, String key) {
    return map.get(key) instanceof Number number
        ? Optional.of(number.longValue())
        : Optional.empty();
  }
}
