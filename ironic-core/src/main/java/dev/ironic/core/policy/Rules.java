package dev.ironic.core.policy;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All rules in force at one moment. Immutable. */
public final class Rules {

  private final Map<String, Expression> expressions;
  private final Map<String, Set<String>> scopes;
  private final @Nullable String serviceProject;

  private Rules(
      Map<String, Expression> expressions,
      Map<String, Set<String>> scopes,
      @Nullable String serviceProject) {
    this.expressions = expressions;
    this.scopes = scopes;
    this.serviceProject = serviceProject;
  }

  /**
   * Puts rules together.
   *
   * @param overrides an operator's rules by name
   * @throws IllegalArgumentException for rules that are malformed or refer to themselves
   */
  static Rules of(PolicyOptions options, Map<String, String> overrides) {
    var expressions = new HashMap<String, Expression>();
    var scopes = new HashMap<String, Set<String>>();
    overrides.forEach((name, check) -> expressions.put(name, parse(name, check)));
    for (RuleDefault rule : RuleDefault.table()) {
      if (!overrides.containsKey(rule.name())) {
        expressions.put(rule.name(), byDefault(rule, options, overrides));
      }
      if (options.enforceScope() && !rule.scopes().isEmpty()) {
        scopes.put(rule.name(), rule.scopes());
      }
    }
    expressions.keySet().forEach(name -> checkEnds(name, expressions, new LinkedHashSet<>()));
    return new Rules(
        Map.copyOf(expressions),
        Map.copyOf(scopes),
        options.elevatedService() ? options.serviceProject() : null);
  }

  private static Expression byDefault(
      RuleDefault rule, PolicyOptions options, Map<String, String> overrides) {
    Expression current = parse(rule.name(), rule.check());
    RuleDefault.OlderForm old = rule.deprecated();
    if (old == null || options.enforceNewDefaults()) {
      return current;
    }
    String overridden = overrides.get(old.name());
    if (overridden != null) {
      return parse(old.name(), overridden);
    }
    return new Expression.Any(List.of(current, parse(rule.name(), old.check())));
  }

  private static Expression parse(String name, String check) {
    try {
      return ExpressionParser.parse(check);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  private static void checkEnds(
      String name, Map<String, Expression> expressions, Set<String> above) {
    if (!above.add(name)) {
      throw new IllegalArgumentException(
          "the rule " + name + " refers to itself by way of " + String.join(", ", above));
    }
    Expression expression = expressions.get(name);
    if (expression != null) {
      expression.references().forEach(other -> checkEnds(other, expressions, above));
    }
    above.remove(name);
  }

  /** Names that have a meaning here. */
  static Set<String> knownNames() {
    var names = new LinkedHashSet<String>();
    for (RuleDefault rule : RuleDefault.table()) {
      names.add(rule.name());
      if (rule.deprecated() != null) {
        names.add(rule.deprecated().name());
      }
    }
    return names;
  }

  /**
   * Whether a caller may do something. A rule that allows nobody binds those without limits too.
   *
   * @param rule name of a rule
   * @param target properties of what it is done to, by the names that rules use
   * @throws IllegalArgumentException for a rule that does not exist
   */
  public boolean allow(String rule, Caller caller, Map<String, ? extends @Nullable String> target) {
    Expression expression = expressions.get(rule);
    if (expression == null) {
      throw new IllegalArgumentException("There is no policy rule " + rule);
    }
    if (caller.unlimited()) {
      return !(expression instanceof Expression.Never);
    }
    Set<String> wanted = scopes.get(rule);
    if (wanted != null && caller.scope().filter(wanted::contains).isEmpty()) {
      return false;
    }
    var whole = new HashMap<String, @Nullable String>(target);
    whole.put("config.service_project_name", serviceProject);
    return expression.holds(new Expression.Scene(expressions, caller, whole));
  }
}
