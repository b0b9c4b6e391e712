package dev.ironic.core.inspection.rules;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.inspection.Findings;
import dev.ironic.core.inspection.InspectionFailure;
import dev.ironic.core.model.InspectionRule;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the rules, those of the API and those of the operator's file, to what an inspection
 * found. Thread-safe.
 */
public final class InspectionRules {

  private static final Logger LOG = LoggerFactory.getLogger(InspectionRules.class);

  private final Store store;
  private final RuleOptions options;

  /** Creates the engine. */
  public InspectionRules(Store store, RuleOptions options) {
    this.store = store;
    this.options = options;
  }

  /**
   * Applies all rules whose conditions hold, the highest priority first. The caller holds the
   * node's lock.
   *
   * @throws InspectionFailure when a rule says so, or cannot be applied
   */
  public void apply(Findings findings) {
    for (InspectionRule rule : rules()) {
      try {
        apply(rule, findings);
      } catch (IronicException e) {
        if (e.fault() == Fault.LOCK_LOST) {
          throw e;
        }
        throw new InspectionFailure(
            "Failed to apply inspection rule %s: %s".formatted(rule.uuid(), e.getMessage()));
      }
    }
  }

  private void apply(InspectionRule rule, Findings findings) {
    var run = new RuleRun(findings, options.masks(rule.sensitive()));
    List<Condition> conditions = rule.conditions().stream().map(Condition::of).toList();
    List<Action> actions = rule.actions().stream().map(Action::of).toList();
    for (Condition condition : conditions) {
      if (!condition.holds(run.scope())) {
        LOG.debug(
            "Rule {} is not for node {}: {} does not hold",
            rule.uuid(),
            findings.node().uuid(),
            condition.operator().wireName());
        return;
      }
    }
    LOG.info("Rule {} is applied to node {}", rule.uuid(), findings.node().uuid());
    actions.forEach(action -> action.run(run));
  }

  private List<InspectionRule> rules() {
    var rules = new ArrayList<>(store.inspectionRules().list(Query.where("phase", "main")));
    if (options.builtInRules() != null) {
      try {
        rules.addAll(new BuiltInRules(options.builtInRules()).read());
      } catch (IronicException e) {
        throw new InspectionFailure(String.valueOf(e.getMessage()));
      }
    }
    rules.sort(Comparator.comparingInt(InspectionRule::priority).reversed());
    return rules;
  }
}
