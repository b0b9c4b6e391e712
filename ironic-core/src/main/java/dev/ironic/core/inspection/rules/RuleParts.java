package dev.ironic.core.inspection.rules;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What conditions and actions have in common. */
final class RuleParts {

  private RuleParts() {}

  /** Refuses a part that lacks op or args, or has a member that nobody knows. */
  static void checkMembers(String what, Map<String, @Nullable Object> part, String... optional) {
    for (String name : List.of("op", "args")) {
      if (!part.containsKey(name)) {
        throw RuleError.of("'%s' is a required property of %s", name, what);
      }
    }
    for (String name : part.keySet()) {
      if (!name.equals("op") && !name.equals("args") && !List.of(optional).contains(name)) {
        throw RuleError.of("%s has no property '%s'", what, name);
      }
    }
  }

  static String op(String what, Map<String, @Nullable Object> part) {
    if (part.get("op") instanceof String op) {
      return op.strip();
    }
    throw RuleError.of("op of %s must be a text, not '%s'", what, part.get("op"));
  }

  /** The list or object to go through; null where there is none, or an empty one. */
  static @Nullable Object loop(Map<String, @Nullable Object> part) {
    Object loop = part.get("loop");
    return switch (loop) {
      case List<?> list -> list.isEmpty() ? null : list;
      case Map<?, ?> map -> map.isEmpty() ? null : map;
      case null, default -> {
        if (part.containsKey("loop")) {
          throw RuleError.of("loop must be an object or a list");
        }
        yield null;
      }
    };
  }
}
