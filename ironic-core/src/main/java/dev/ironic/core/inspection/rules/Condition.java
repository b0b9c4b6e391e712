package dev.ironic.core.inspection.rules;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One condition of a rule.
 *
 * @param operator what it asks
 * @param negated whether it must not hold
 * @param args its arguments by name, not filled in
 * @param loop what it is asked for; null for once
 * @param multiple how the answers of a loop are put together
 */
record Condition(
    Operator operator,
    boolean negated,
    Map<String, @Nullable Object> args,
    @Nullable Object loop,
    Multiple multiple) {

  /** How the answers of a loop are put together. */
  enum Multiple {
    ANY,
    ALL,
    FIRST,
    LAST
  }

  /** Reads a condition as a rule has it. */
  static Condition of(Map<String, @Nullable Object> condition) {
    RuleParts.checkMembers("a condition", condition, "loop", "multiple");
    String op = RuleParts.op("a condition", condition);
    boolean negated = op.startsWith("!");
    String name = negated ? op.substring(1).strip() : op;
    Operator operator =
        Operator.ofWireName(name)
            .orElseThrow(
                () -> {
                  var names = new TreeSet<String>();
                  for (Operator one : Operator.values()) {
                    names.add(one.wireName());
                  }
                  return RuleError.of(
                      "op of a condition must be one of %s, with or without a leading !, not '%s'",
                      names, op);
                });
    return new Condition(
        operator,
        negated,
        operator.signature().named("the operator " + name, condition.get("args")),
        RuleParts.loop(condition),
        multiple(condition));
  }

  private static Multiple multiple(Map<String, @Nullable Object> condition) {
    if (!condition.containsKey("multiple")) {
      return Multiple.ANY;
    }
    Object wanted = condition.get("multiple");
    for (Multiple one : Multiple.values()) {
      if (one.name().toLowerCase(Locale.ROOT).equals(wanted)) {
        return one;
      }
    }
    throw RuleError.of("multiple must be one of any, all, first, last, not '%s'", wanted);
  }

  /** Whether it holds. */
  boolean holds(Scope scope) {
    return switch (loop) {
      case Map<?, ?> map -> once(scope.with(map));
      case List<?> items -> round(items, scope);
      case null, default -> once(scope);
    };
  }

  private boolean round(List<?> items, Scope scope) {
    return switch (multiple) {
      case ANY, FIRST -> items.stream().anyMatch(item -> once(scope.with(item)));
      case ALL -> items.stream().allMatch(item -> once(scope.with(item)));
      case LAST -> {
        boolean last = false;
        for (Object item : items) {
          last = once(scope.with(item));
        }
        yield last;
      }
    };
  }

  private boolean once(Scope scope) {
    var filled = new LinkedHashMap<String, @Nullable Object>();
    args.forEach((name, value) -> filled.put(name, fill(name, value, scope)));
    if (scope.looping() && operator.signature().optional().contains("force_strings")) {
      // Items become texts when they are filled in, so that numbers in the rule have to as well.
      filled.put("force_strings", true);
    }
    return operator.holds(filled) != negated;
  }

  private @Nullable Object fill(String name, @Nullable Object value, Scope scope) {
    if (!scope.looping() && !Signature.isFormatted(name)) {
      return value;
    }
    return operator == Operator.IS_EMPTY && value instanceof String text
        ? Template.text(text, scope).orElse(null)
        : Template.fill(value, scope);
  }
}
