package dev.ironic.core.inspection.rules;

import dev.ironic.driver.DriverConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What rules read from the configuration.
 *
 * @param builtInRules a YAML file with rules; null for none
 * @param maskSecrets which rules see secrets of the machine as {@code ***}
 */
public record RuleOptions(@Nullable Path builtInRules, Masking maskSecrets) {

  /** Which rules see secrets masked. */
  public enum Masking {
    /** All. */
    ALWAYS,
    /** None. */
    NEVER,
    /** Those that are not sensitive themselves. */
    SENSITIVE
  }

  /** Reads the options. */
  public static RuleOptions from(DriverConfig config) {
    return new RuleOptions(
        config
            .text("inspection_rules", "built_in_rules")
            .filter(file -> !file.isBlank())
            .map(file -> Path.of(file.strip()))
            .orElse(null),
        masking(config.text("inspection_rules", "mask_secrets").orElse("always")));
  }

  private static Masking masking(String text) {
    try {
      return Masking.valueOf(text.strip().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "[inspection_rules] mask_secrets = %s is not one of %s"
              .formatted(text, List.of(Masking.values()))
              .toLowerCase(Locale.ROOT),
          e);
    }
  }

  boolean masks(boolean sensitiveRule) {
    return switch (maskSecrets) {
      case ALWAYS -> true;
      case NEVER -> false;
      case SENSITIVE -> !sensitiveRule;
    };
  }
}
