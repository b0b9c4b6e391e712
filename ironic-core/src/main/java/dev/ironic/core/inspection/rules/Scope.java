package dev.ironic.core.inspection.rules;

import dev.ironic.core.model.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the replacement fields of a rule can name.
 *
 * @param node the node
 * @param inventory the hardware inventory
 * @param pluginData what collectors, hooks and rules added
 * @param item the item of the loop
 * @param looping whether there is a loop
 * @param masked whether secrets in the inventory and the plug-in data are hidden
 */
record Scope(
    Node node,
    Map<String, @Nullable Object> inventory,
    Map<String, @Nullable Object> pluginData,
    @Nullable Object item,
    boolean looping,
    boolean masked) {

  private static final Set<String> SECRETS = Set.of("password", "auth_token", "bmc_password");
  private static final String MASK = "***";

  /** The same in one round of a loop. */
  Scope with(@Nullable Object loopItem) {
    return new Scope(node, inventory, pluginData, loopItem, true, masked);
  }

  /**
   * The value at a path.
   *
   * @param path the first element is one of node, inventory, plugin_data and item
   * @throws NoSuchElementException when there is none
   */
  @Nullable Object value(List<String> path) {
    List<String> rest = path.subList(1, path.size());
    return switch (path.getFirst()) {
      case "node" -> ofNode(rest);
      case "inventory" -> mask(descend(inventory, rest, masked));
      case "plugin_data" -> mask(descend(pluginData, rest, masked));
      case "item" -> {
        if (!looping) {
          throw new NoSuchElementException("item outside of a loop");
        }
        yield descend(item, rest, false);
      }
      default -> throw new NoSuchElementException(path.getFirst());
    };
  }

  private @Nullable Object ofNode(List<String> path) {
    if (path.isEmpty()) {
      return node.uuid();
    }
    return descend(
        NodeAttributes.NODE.read(node, path.getFirst()), path.subList(1, path.size()), false);
  }

  private static @Nullable Object descend(@Nullable Object from, List<String> path, boolean mask) {
    Object current = from;
    for (String key : path) {
      current =
          switch (current) {
            case Map<?, ?> map when map.containsKey(key) ->
                mask && SECRETS.contains(key) ? MASK : map.get(key);
            case List<?> list when key.matches("\\d{1,9}") && Integer.parseInt(key) < list.size() ->
                list.get(Integer.parseInt(key));
            case null, default -> throw new NoSuchElementException(key);
          };
    }
    return current;
  }

  private @Nullable Object mask(@Nullable Object value) {
    return masked ? hidden(value) : value;
  }

  private static @Nullable Object hidden(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        var copy = new LinkedHashMap<Object, @Nullable Object>();
        map.forEach(
            (key, member) ->
                copy.put(key, SECRETS.contains(String.valueOf(key)) ? MASK : hidden(member)));
        yield copy;
      }
      case List<?> list -> list.stream().map(Scope::hidden).toList();
      case null -> null;
      default -> value;
    };
  }
}
