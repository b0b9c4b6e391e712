package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.InspectionRule;
import dev.ironic.core.model.InspectionRuleBuilder;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Query.Filter;
import dev.ironic.core.store.Store;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Inspection rules: what is done with what an inspection found. */
final class InspectionRuleCalls {

  private static final Set<String> OPERATORS =
      Set.of(
          "eq",
          "lt",
          "gt",
          "is-empty",
          "in-net",
          "matches",
          "contains",
          "one-of",
          "is-none",
          "is-true",
          "is-false");

  private static final Set<String> ACTIONS =
      Set.of(
          "fail",
          "log",
          "set-attribute",
          "extend-attribute",
          "del-attribute",
          "set-capability",
          "unset-capability",
          "add-trait",
          "remove-trait",
          "set-plugin-data",
          "extend-plugin-data",
          "unset-plugin-data",
          "set-port-attribute",
          "extend-port-attribute",
          "del-port-attribute",
          "api-call");

  private static final Set<String> MULTIPLE = Set.of("any", "all", "first", "last");

  private final Store store;
  private final ApiOptions options;
  private final Shelf<InspectionRule> rules;

  InspectionRuleCalls(Lookups lookups, ApiOptions options) {
    this.store = lookups.store();
    this.options = options;
    this.rules =
        new Shelf<>(
            CatalogueTables.INSPECTION_RULE,
            store.inspectionRules(),
            InspectionRule::uuid,
            "inspection_rules",
            false);
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("inspection_rule.list", this::list);
    handlers.put("inspection_rule.create", this::create);
    handlers.put("inspection_rule.show", request -> rules.show(request, row(request)));
    handlers.put("inspection_rule.update", this::update);
    handlers.put("inspection_rule.delete", this::delete);
    handlers.put("inspection_rule.delete_all", this::deleteAll);
  }

  private InspectionRule row(ApiRequest request) {
    return rules.row(request.path("inspection_rule_uuid"));
  }

  private Answer list(ApiRequest request) {
    String phase = request.query("phase");
    Query query = phase == null ? Query.ALL : Query.ALL.and(new Filter.Equal("phase", phase));
    return rules.list(request, query, options.maxLimit());
  }

  private Answer create(ApiRequest request) {
    Map<String, @Nullable Object> values = rules.newValues(request);
    InspectionRule blank =
        InspectionRuleBuilder.builder()
            .uuid((String) Objects.requireNonNull(values.get("uuid")))
            .phase("main")
            .conditions(List.of())
            .actions(List.of())
            .build();
    InspectionRule draft = CatalogueTables.INSPECTION_RULE.with(blank, values);
    check(draft);
    return rules.created(request, store.inspectionRules().insert(draft));
  }

  private Answer update(ApiRequest request) {
    InspectionRule before = row(request);
    InspectionRule after =
        CatalogueTables.INSPECTION_RULE.with(before, rules.patched(request, before));
    if (before.sensitive() && !after.sensitive()) {
      throw new IronicException(
          Fault.PATCH_ERROR, "A sensitive inspection rule can't be made readable again");
    }
    check(after);
    return rules.changed(request, store.inspectionRules().update(before, after));
  }

  private Answer delete(ApiRequest request) {
    Bodies.expectNone(request);
    store.inspectionRules().delete(row(request));
    return Answer.empty(204);
  }

  private Answer deleteAll(ApiRequest request) {
    Bodies.expectNone(request);
    store.inspectionRules().list(Query.ALL).forEach(store.inspectionRules()::delete);
    return Answer.empty(204);
  }

  private static void check(InspectionRule rule) {
    if (rule.actions().isEmpty()) {
      throw refused("there must be at least one action");
    }
    for (Map<String, @Nullable Object> action : rule.actions()) {
      members(action, Set.of("op", "args"), Set.of("loop"));
      oneOf("op of an action", action.get("op"), ACTIONS);
    }
    for (Map<String, @Nullable Object> condition : rule.conditions()) {
      members(condition, Set.of("op", "args"), Set.of("loop", "multiple"));
      Object op = condition.get("op");
      oneOf(
          "op of a condition",
          op instanceof String text && text.startsWith("!") ? text.substring(1).strip() : op,
          OPERATORS);
      if (condition.containsKey("multiple")) {
        oneOf("multiple", condition.get("multiple"), MULTIPLE);
      }
    }
  }

  private static void members(
      Map<String, @Nullable Object> part, Set<String> required, Set<String> optional) {
    for (String name : required) {
      if (!part.containsKey(name)) {
        throw refused("'" + name + "' is a required property");
      }
    }
    for (Map.Entry<String, @Nullable Object> member : part.entrySet()) {
      String name = member.getKey();
      if (!required.contains(name) && !optional.contains(name)) {
        throw refused("'" + name + "' was unexpected");
      }
      boolean structured = name.equals("args") || name.equals("loop");
      if (structured
          && !(member.getValue() instanceof Map)
          && !(member.getValue() instanceof List)) {
        throw refused(name + " must be an object or a list");
      }
    }
  }

  private static void oneOf(String what, @Nullable Object value, Set<String> allowed) {
    if (!(value instanceof String text) || !allowed.contains(text)) {
      throw refused(
          "%s must be one of %s, not '%s'"
              .formatted(what, new java.util.TreeSet<>(allowed), value));
    }
  }

  private static IronicException refused(String why) {
    return new IronicException(Fault.INVALID_PARAMETER_VALUE, "Invalid inspection rule: " + why);
  }
}
