package dev.ironic.core.inspection.rules;

import dev.ironic.core.inspection.Findings;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.Port;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One rule at work on one node: what its actions may change. Used by one thread. */
final class RuleRun {

  private static final Logger LOG = LoggerFactory.getLogger(RuleRun.class);
  private static final int MOST_TRAITS = 50;

  private final Findings findings;
  private final boolean masked;

  /**
   * Creates a run.
   *
   * @param masked whether the rule sees secrets of the machine as {@code ***}
   */
  RuleRun(Findings findings, boolean masked) {
    this.findings = findings;
    this.masked = masked;
  }

  /** What fields of the rule can name, as it stands now. */
  Scope scope() {
    return new Scope(
        findings.node(), findings.inventory(), findings.pluginData(), null, false, masked);
  }

  void changeNode(UnaryOperator<Node> change) {
    findings.change(change);
  }

  void setCapability(String name, String value) {
    findings.capability(name, value);
  }

  void unsetCapability(String name) {
    findings.removeCapability(name);
  }

  void addTrait(String name) {
    if (!name.matches("[A-Z0-9_]{1,255}")) {
      throw RuleError.of("'%s' is no trait; write it like CUSTOM_GPU", name);
    }
    var traits = new TreeSet<>(findings.traits());
    if (traits.add(name)) {
      if (traits.size() > MOST_TRAITS) {
        throw RuleError.of(
            "the trait '%s' would be one more than the %d that a node can have", name, MOST_TRAITS);
      }
      findings.setTraits(traits);
    }
  }

  void removeTrait(String name) {
    var traits = new TreeSet<>(findings.traits());
    if (traits.remove(name)) {
      findings.setTraits(traits);
    } else {
      LOG.warn("Node {} has no trait {} to remove", findings.node().uuid(), name);
    }
  }

  void setPluginData(String path, @Nullable Object value) {
    replacePluginData(Paths.put(findings.pluginData(), keys(path), value, path));
  }

  void extendPluginData(String path, @Nullable Object value, boolean unique) {
    if (Paths.extend(findings.pluginData(), keys(path), value, unique, path)
        instanceof Map<?, ?> map) {
      replacePluginData(Paths.copy(map));
    }
  }

  /** Removes a value, and the object that it was the only member of. */
  void unsetPluginData(String path) {
    List<String> keys = keys(path);
    Object parent = findings.pluginData();
    for (String key : keys.subList(0, keys.size() - 1)) {
      parent = parent instanceof Map<?, ?> map ? map.get(key) : null;
    }
    if (!(parent instanceof Map<?, ?> holder) || !holder.containsKey(keys.getLast())) {
      LOG.warn("There is no '{}' in the plug-in data to remove", path);
      return;
    }
    boolean last = holder.size() == 1 && keys.size() > 1;
    replacePluginData(
        Paths.remove(findings.pluginData(), last ? keys.subList(0, keys.size() - 1) : keys, path));
  }

  private void replacePluginData(Map<String, @Nullable Object> wanted) {
    findings.pluginData().clear();
    findings.pluginData().putAll(wanted);
  }

  /** Paths in the plug-in data have dots only: a slash is part of a key. */
  private static List<String> keys(String path) {
    return List.of(path.split("\\.", -1));
  }

  void changePort(String uuid, UnaryOperator<Port> change) {
    Port port =
        findings.ports().stream()
            .filter(one -> one.uuid().equals(uuid))
            .findFirst()
            .orElseThrow(
                () -> RuleError.of("node %s has no port '%s'", findings.node().uuid(), uuid));
    findings.changePort(port, change.apply(port));
  }
}
