package dev.ironic.core.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The options that exist, with their defaults. Immutable. */
final class OptionTable {

  private final Map<String, Map<String, KnownOption>> byGroup = new LinkedHashMap<>();
  private final Map<String, KnownOption> byOldName = new HashMap<>();

  private OptionTable(List<KnownOption> options) {
    for (KnownOption option : options) {
      byGroup
          .computeIfAbsent(option.group(), g -> new LinkedHashMap<>())
          .put(option.name(), option);
      option.old().forEach(name -> byOldName.put(name, option));
    }
  }

  static OptionTable load() {
    try (InputStream in = OptionTable.class.getResourceAsStream("options.json")) {
      if (in == null) {
        throw new IllegalStateException("options.json is missing in the jar");
      }
      var rows = new JsonMapper().readValue(in, new TypeReference<List<Row>>() {});
      return new OptionTable(rows.stream().map(Row::option).toList());
    } catch (IOException e) {
      throw new IllegalStateException("options.json cannot be read", e);
    }
  }

  Optional<KnownOption> find(String group, String name) {
    return Optional.ofNullable(byGroup.getOrDefault(group, Map.of()).get(name));
  }

  Optional<KnownOption> findOld(String group, String name) {
    return Optional.ofNullable(byOldName.get(group + "." + name));
  }

  boolean hasGroup(String group) {
    return byGroup.containsKey(group);
  }

  /** The option whose name is most like this one, if any is alike. */
  Optional<KnownOption> nearest(String group, String name) {
    KnownOption best = null;
    int bestDistance = Math.max(2, name.length() / 3) + 1;
    for (var options : byGroup.values()) {
      for (KnownOption option : options.values()) {
        int distance = distance(name, option.name()) + (option.group().equals(group) ? 0 : 1);
        if (distance < bestDistance) {
          bestDistance = distance;
          best = option;
        }
      }
    }
    return Optional.ofNullable(best);
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }

  /** A row as it stands in the file, where most members are missing. */
  private record Row(
      String group,
      String name,
      String kind,
      @JsonProperty("default") @Nullable String defaultValue,
      @Nullable Double min,
      @Nullable Double max,
      @Nullable List<@Nullable String> choices,
      @Nullable Boolean secret,
      @Nullable List<String> old,
      @Nullable Boolean own) {

    KnownOption option() {
      return new KnownOption(
          group,
          name,
          kind,
          defaultValue,
          min,
          max,
          choices == null ? List.of() : choices.stream().map(String::valueOf).toList(),
          Boolean.TRUE.equals(secret),
          old == null ? List.of() : old,
          Boolean.TRUE.equals(own));
    }
  }
}
