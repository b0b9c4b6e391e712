package dev.ironic.core.inspection;

import dev.ironic.core.model.Node;
import dev.ironic.core.model.Port;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Store;
import java.util.Collection;
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

  /** The node under its lock. */
  public interface NodeAccess {

    /** The node as last read or written. */
    Node node();

    /** Changes the node and stores it. */
    void save(UnaryOperator<Node> change);

    /** Replaces the node's traits. */
    void setTraits(Collection<String> traits);
  }

  private final Store store;
  private final NodeAccess access;
  private final Map<String, @Nullable Object> inventory;
  private final Map<String, @Nullable Object> pluginData;

  /**
   * Creates findings.
   *
   * @param access the node inspected
   * @param inventory the hardware inventory; read only
   * @param pluginData what the collectors added; hooks add to a copy
   */
  public Findings(
      Store store,
      NodeAccess access,
      Map<String, @Nullable Object> inventory,
      Map<String, @Nullable Object> pluginData) {
    this.store = store;
    this.access = access;
    this.inventory = Collections.unmodifiableMap(new LinkedHashMap<>(inventory));
    this.pluginData = new LinkedHashMap<>(pluginData);
  }

  /** The node as last read or written. */
  public Node node() {
    return access.node();
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

  /** Changes the node and stores it. */
  public void change(UnaryOperator<Node> change) {
    access.save(change);
  }

  /** The node's traits. */
  public List<String> traits() {
    return store.nodes().get(node().uuid()).traits();
  }

  /** Replaces the node's traits. */
  public void setTraits(Collection<String> traits) {
    access.setTraits(traits);
  }

  /** The node's ports. */
  public List<Port> ports() {
    return store.ports().list(Query.where("nodeId", node().id()));
  }

  /** Stores a port as wanted. */
  public void changePort(Port before, Port wanted) {
    if (!wanted.equals(before)) {
      store.ports().update(before, wanted);
    }
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
  public void capability(String name, String value) {
    property(
        "capabilities", Capabilities.with(node().properties().get("capabilities"), name, value));
  }

  /** Removes one of {@code properties.capabilities}. */
  public void removeCapability(String name) {
    Object present = node().properties().get("capabilities");
    if (present != null) {
      property("capabilities", Capabilities.without(present, name));
    }
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
