package dev.ironic.core.inspection.rules;

import dev.ironic.core.IronicException;
import dev.ironic.core.model.InspectionRule;
import dev.ironic.core.model.InspectionRuleBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** The rules in a YAML file. It is read anew for each inspection, so that it can be changed. */
record BuiltInRules(Path file) {

  private static final Set<String> MEMBERS =
      Set.of(
          "uuid",
          "priority",
          "description",
          "sensitive",
          "phase",
          "scope",
          "actions",
          "conditions");

  /**
   * Reads them.
   *
   * @throws IronicException saying what is wrong with the file
   */
  List<InspectionRule> read() {
    if (!(document() instanceof List<?> documents)) {
      throw wrong("it must hold a list of rules");
    }
    var rules = new ArrayList<InspectionRule>();
    int unnamed = 0;
    for (Object document : documents) {
      if (!(document instanceof Map<?, ?> map)) {
        throw wrong("it holds something that is no rule: " + document);
      }
      Map<String, @Nullable Object> members = object(map);
      if (members.get("uuid") == null) {
        members.put("uuid", "00000000-0000-0000-0000-%012x".formatted(unnamed++));
      }
      rules.add(rule(members));
    }
    return rules;
  }

  private @Nullable Object document() {
    try {
      var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
      return yaml.load(Files.readString(file));
    } catch (IOException e) {
      throw wrong("it can't be read: " + e);
    } catch (YAMLException e) {
      throw wrong("it is no YAML: " + e.getMessage());
    }
  }

  private InspectionRule rule(Map<String, @Nullable Object> members) {
    var unknown = new LinkedHashMap<>(members);
    unknown.keySet().removeAll(MEMBERS);
    String uuid = String.valueOf(members.get("uuid"));
    if (!unknown.isEmpty()) {
      throw wrong("rule %s has unknown members %s".formatted(uuid, unknown.keySet()));
    }
    Object priority = members.getOrDefault("priority", 0);
    if (!(priority instanceof Integer number)) {
      throw wrong("priority of rule %s must be a whole number, not %s".formatted(uuid, priority));
    }
    Object sensitive = members.get("sensitive");
    if (sensitive != null && !(sensitive instanceof Boolean)) {
      throw wrong("sensitive of rule %s must be true or false".formatted(uuid));
    }
    Object phase = members.getOrDefault("phase", "main");
    if (phase != null && !phase.equals("main")) {
      throw wrong("phase of rule %s must be main, not %s".formatted(uuid, phase));
    }
    InspectionRule rule =
        InspectionRuleBuilder.builder()
            .uuid(uuid)
            .priority(number)
            .description(text(members.get("description")))
            .scope(text(members.get("scope")))
            .sensitive(Boolean.TRUE.equals(sensitive))
            .phase("main")
            .conditions(objects(uuid, "conditions", members))
            .actions(objects(uuid, "actions", members))
            .build();
    try {
      RuleCheck.check(rule);
    } catch (IronicException e) {
      throw wrong("rule %s: %s".formatted(uuid, e.getMessage()));
    }
    return rule;
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  private List<Map<String, @Nullable Object>> objects(
      String uuid, String name, Map<String, @Nullable Object> members) {
    var objects = new ArrayList<Map<String, @Nullable Object>>();
    switch (members.get(name)) {
      case List<?> list -> {
        for (Object item : list) {
          if (!(item instanceof Map<?, ?> map)) {
            throw wrong("%s of rule %s must be objects".formatted(name, uuid));
          }
          objects.add(object(map));
        }
      }
      case null -> {}
      default -> throw wrong("%s of rule %s must be a list".formatted(name, uuid));
    }
    return objects;
  }

  private static Map<String, @Nullable Object> object(Map<?, ?> map) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    map.forEach((key, value) -> object.put(String.valueOf(key), plain(value)));
    return object;
  }

  /** YAML knows more than JSON: keys that are no texts, dates, sets. */
  private static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Map<?, ?> map -> object(map);
      case Iterable<?> items -> {
        var list = new ArrayList<@Nullable Object>();
        items.forEach(item -> list.add(plain(item)));
        yield list;
      }
      case Date date -> date.toInstant().toString();
      case String text -> text;
      case Boolean flag -> flag;
      case Number number -> number;
      default -> value.toString();
    };
  }

  private IronicException wrong(String why) {
    return RuleError.of("[inspection_rules] built_in_rules = %s: %s", file, why);
  }
}
