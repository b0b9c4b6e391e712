package dev.ironic.core.inspection.rules;

import dev.ironic.core.model.InspectionRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells whether a rule can work at all, before it is stored or used. */
public final class RuleCheck {

  /** The highest priority of a rule that comes over the API; built-in ones may have any. */
  public static final int HIGHEST_PRIORITY = 9999;

  private RuleCheck() {}

  /**
   * Checks conditions and actions: known operators, all arguments that are needed, and no others.
   *
   * @throws dev.ironic.core.IronicException INVALID_PARAMETER_VALUE saying what is wrong
   */
  public static void check(InspectionRule rule) {
    if (rule.actions().isEmpty()) {
      throw RuleError.of("there must be at least one action");
    }
    rule.actions().forEach(Action::of);
    rule.conditions().forEach(Condition::of);
  }

  /**
   * Checks a rule that comes over the API.
   *
   * @throws dev.ironic.core.IronicException INVALID_PARAMETER_VALUE saying what is wrong
   */
  public static void checkUsers(InspectionRule rule) {
    check(rule);
    if (rule.priority() < 0 || rule.priority() > HIGHEST_PRIORITY) {
      throw RuleError.of(
          "priority must be between 0 and %d, not %d", HIGHEST_PRIORITY, rule.priority());
    }
  }

  /** The actions of a rule that was checked, as clients are shown them. */
  public static List<Map<String, @Nullable Object>> shownActions(InspectionRule rule) {
    return rule.actions().stream().map(RuleCheck::shown).toList();
  }

  private static Map<String, @Nullable Object> shown(Map<String, @Nullable Object> action) {
    if (!(action.get("args") instanceof Map<?, ?> args)) {
      return action;
    }
    var named = new LinkedHashMap<String, @Nullable Object>();
    args.forEach((name, value) -> named.put(String.valueOf(name), value));
    var shown = new LinkedHashMap<>(action);
    shown.put(
        "args", Effect.ofWireName(String.valueOf(action.get("op"))).orElseThrow().shown(named));
    return shown;
  }
}
