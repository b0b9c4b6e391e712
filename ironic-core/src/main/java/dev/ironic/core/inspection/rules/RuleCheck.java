package dev.ironic.core.inspection.rules;

import dev.ironic.core.model.InspectionRule;

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
}
