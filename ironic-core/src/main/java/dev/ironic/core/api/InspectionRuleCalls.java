package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.inspection.rules.RuleCheck;
import dev.ironic.core.model.InspectionRule;
import dev.ironic.core.model.InspectionRuleBuilder;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Query.Filter;
import dev.ironic.core.store.Store;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Inspection rules: what is done with what an inspection found. */
final class InspectionRuleCalls {

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
    String marker = request.query("marker");
    if (marker != null && !FieldType.isUuid(marker)) {
      // Elsewhere a malformed marker is 400; here every marker that is no rule's is missing.
      throw new IronicException(
          Fault.NOT_FOUND, "Inspection rule " + marker + " could not be found.");
    }
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
    RuleCheck.checkUsers(draft);
    return rules.created(request, store.inspectionRules().insert(draft));
  }

  private Answer update(ApiRequest request) {
    JsonPatch patch = JsonPatch.read(request);
    InspectionRule before = row(request);
    InspectionRule after =
        CatalogueTables.INSPECTION_RULE.with(
            before,
            rules.patched(request, patch.permitted(CatalogueTables.INSPECTION_RULE), before));
    if (before.sensitive() && !after.sensitive()) {
      throw new IronicException(
          Fault.PATCH_ERROR, "A sensitive inspection rule can't be made readable again");
    }
    RuleCheck.checkUsers(after);
    return rules.changed(request, store.inspectionRules().update(before, after));
  }

  private Answer delete(ApiRequest request) {
    store.inspectionRules().delete(row(request));
    return Answer.empty(204);
  }

  private Answer deleteAll(ApiRequest request) {
    store.inspectionRules().list(Query.ALL).forEach(store.inspectionRules()::delete);
    return Answer.empty(204);
  }
}
