package dev.ironic.core.api;

import dev.ironic.core.model.DeployTemplate;
import dev.ironic.core.model.DeployTemplateBuilder;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Store;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Deploy templates: named lists of steps that an instance's traits ask for. */
final class DeployTemplateCalls {

  /** Accepted and, as in the original service, never shown. */
  private static final String DESCRIPTION = "description";

  private static final int MAX_DESCRIPTION = 255;

  private final Store store;
  private final ApiOptions options;
  private final Shelf<DeployTemplate> templates;

  DeployTemplateCalls(Lookups lookups, ApiOptions options) {
    this.store = lookups.store();
    this.options = options;
    this.templates =
        new Shelf<>(
            CatalogueTables.DEPLOY_TEMPLATE,
            store.deployTemplates(),
            DeployTemplate::uuid,
            "deploy_templates",
            true);
  }

  void register(Map<String, Handler> handlers) {
    handlers.put(
        "deploy_template.list", request -> templates.list(request, Query.ALL, options.maxLimit()));
    handlers.put("deploy_template.create", this::create);
    handlers.put("deploy_template.show", templates.shows(this::row));
    handlers.put("deploy_template.update", this::update);
    handlers.put("deploy_template.delete", this::delete);
  }

  private DeployTemplate row(ApiRequest request) {
    return templates.row(request.path("template_ident"));
  }

  private Answer create(ApiRequest request) {
    Map<String, @Nullable Object> values = templates.newValues(request, DESCRIPTION);
    Shelf.checkText(DESCRIPTION, values.remove(DESCRIPTION), MAX_DESCRIPTION);
    String name = TraitCalls.checked((String) Objects.requireNonNull(values.get("name")));
    DeployTemplate blank =
        DeployTemplateBuilder.builder()
            .uuid((String) Objects.requireNonNull(values.get("uuid")))
            .name(name)
            .steps(List.of())
            .extra(Map.of())
            .build();
    return templates.created(
        request,
        store.deployTemplates().insert(CatalogueTables.DEPLOY_TEMPLATE.with(blank, values)));
  }

  private Answer update(ApiRequest request) {
    JsonPatch patch = JsonPatch.read(request).permitted(CatalogueTables.DEPLOY_TEMPLATE);
    DeployTemplate before = row(request);
    Map<String, @Nullable Object> values = templates.patched(request, patch, before);
    if (values.get("name") instanceof String name) {
      TraitCalls.checked(name);
    }
    DeployTemplate after = CatalogueTables.DEPLOY_TEMPLATE.with(before, values);
    return templates.changed(request, store.deployTemplates().update(before, after));
  }

  private Answer delete(ApiRequest request) {
    store.deployTemplates().delete(row(request));
    return Answer.empty(204);
  }
}
