package dev.ironic.core.policy;

import dev.ironic.core.config.ReloadedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The rules of this service: the defaults, and an operator's file, which is read again when it
 * changes. Thread-safe.
 */
public final class Policy {

  private static final Logger LOG = LoggerFactory.getLogger(Policy.class);

  private final ReloadedFile<Rules> rules;

  /**
   * Reads the rules.
   *
   * @throws IllegalArgumentException when the file is named but missing, or malformed
   */
  public Policy(PolicyOptions options) {
    if (options.fileRequired() && !Files.isReadable(options.file())) {
      throw new IllegalArgumentException(
          "[oslo_policy] policy_file = "
              + options.file()
              + " can't be read: create it, or remove the option");
    }
    rules = new ReloadedFile<>(options.file(), file -> read(options, file));
  }

  /** The rules of this moment. */
  public Rules now() {
    return rules.get();
  }

  private static Rules read(PolicyOptions options, Path file) throws IOException {
    var overrides = new LinkedHashMap<String, String>();
    if (Files.exists(file)) {
      try {
        overrides.putAll(overrides(Files.readString(file, StandardCharsets.UTF_8)));
        Rules made = Rules.of(options, overrides);
        warn(file, overrides);
        return made;
      } catch (IllegalArgumentException | YAMLException e) {
        throw new IllegalArgumentException("Policy file " + file + ": " + e.getMessage(), e);
      }
    }
    return Rules.of(options, overrides);
  }

  private static Map<String, String> overrides(String text) {
    Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    var overrides = new LinkedHashMap<String, String>();
    if (document == null) {
      return overrides;
    }
    if (!(document instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException("it must hold names of rules with their checks");
    }
    map.forEach(
        (name, check) -> {
          if (!(name instanceof String key) || !(check instanceof String value)) {
            throw new IllegalArgumentException(
                "the check of " + name + " must be a text, such as \"role:admin\"");
          }
          overrides.put(key, value);
        });
    return overrides;
  }

  private static void warn(Path file, Map<String, String> overrides) {
    Set<String> known = Rules.knownNames();
    for (String name : overrides.keySet()) {
      if (name.startsWith("baremetal:") && !known.contains(name)) {
        LOG.warn("Policy file {}: no operation asks for the rule {}", file, name);
      }
    }
  }
}
