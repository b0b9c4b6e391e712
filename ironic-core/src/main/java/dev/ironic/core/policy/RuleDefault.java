package dev.ironic.core.policy;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * A rule as it is without an operator's file. Immutable.
 *
 * @param name what code and operators call it
 * @param check who may
 * @param scopes what a request may be for ({@code system}, {@code project}); empty for anything
 * @param deprecated how it was before, or null
 */
record RuleDefault(String name, String check, Set<String> scopes, @Nullable OlderForm deprecated) {

  /**
   * An older form of a rule.
   *
   * @param name its name then
   * @param check who might
   */
  record OlderForm(String name, String check) {}

  private record Row(
      String name, String check, @Nullable List<String> scopes, @Nullable OlderForm deprecated) {}

  /** Reads the table. */
  static List<RuleDefault> table() {
    try (InputStream in =
        Objects.requireNonNull(RuleDefault.class.getResourceAsStream("rules.json"))) {
      return new JsonMapper()
          .readValue(in.readAllBytes(), new TypeReference<List<Row>>() {}).stream()
              .map(
                  row ->
                      new RuleDefault(
                          row.name(),
                          row.check(),
                          row.scopes() == null ? Set.of() : Set.copyOf(row.scopes()),
                          row.deprecated()))
              .toList();
    } catch (IOException e) {
      throw new IllegalStateException("rules.json cannot be read", e);
    }
  }
}
