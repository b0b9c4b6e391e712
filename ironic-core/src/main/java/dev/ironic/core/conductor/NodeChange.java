package dev.ironic.core.conductor;

import dev.ironic.core.model.Node;
import dev.ironic.driver.BootMode;
import dev.ironic.driver.NodeUpdate;
import dev.ironic.driver.PowerState;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Collects the changes that a driver makes. */
final class NodeChange implements NodeUpdate {

  private Node node;

  private NodeChange(Node node) {
    this.node = node;
  }

  static Node apply(Node node, Consumer<NodeUpdate> changes) {
    var change = new NodeChange(node);
    changes.accept(change);
    return change.node;
  }

  @Override
  public NodeUpdate internal(String key, @Nullable Object value) {
    node = node.withDriverInternalInfo(put(node.driverInternalInfo(), key, value));
    return this;
  }

  @Override
  public NodeUpdate removeInternal(String key) {
    node = node.withDriverInternalInfo(remove(node.driverInternalInfo(), key));
    return this;
  }

  @Override
  public NodeUpdate instance(String key, @Nullable Object value) {
    node = node.withInstanceInfo(put(node.instanceInfo(), key, value));
    return this;
  }

  @Override
  public NodeUpdate removeInstance(String key) {
    node = node.withInstanceInfo(remove(node.instanceInfo(), key));
    return this;
  }

  @Override
  public NodeUpdate property(String key, @Nullable Object value) {
    node = node.withProperties(put(node.properties(), key, value));
    return this;
  }

  @Override
  public NodeUpdate removeProperty(String key) {
    node = node.withProperties(remove(node.properties(), key));
    return this;
  }

  @Override
  public NodeUpdate raidConfig(Map<String, @Nullable Object> config) {
    node = node.withRaidConfig(config);
    return this;
  }

  @Override
  public NodeUpdate powerState(@Nullable PowerState state) {
    node = node.with(b -> b.powerState(state));
    return this;
  }

  @Override
  public NodeUpdate bootMode(@Nullable BootMode mode) {
    node = node.with(b -> b.bootMode(mode == null ? null : mode.wireName()));
    return this;
  }

  @Override
  public NodeUpdate secureBoot(@Nullable Boolean enabled) {
    node = node.with(b -> b.secureBoot(enabled));
    return this;
  }

  static Map<String, @Nullable Object> put(
      Map<String, @Nullable Object> map, String key, @Nullable Object value) {
    var copy = new LinkedHashMap<>(map);
    copy.put(key, value);
    return Collections.unmodifiableMap(copy);
  }

  static Map<String, @Nullable Object> remove(Map<String, @Nullable Object> map, String... keys) {
    var copy = new LinkedHashMap<>(map);
    for (String key : keys) {
      copy.remove(key);
    }
    return Collections.unmodifiableMap(copy);
  }
}
