package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Runbook;
import dev.ironic.core.model.RunbookBuilder;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Store;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Runbooks: step lists that operators keep ready for cleaning and servicing, and their traits. */
final class RunbookCalls {

  /** From this version on the name is free, and traits say which nodes a runbook is for. */
  private static final int FREE_NAMES = 112;

  private final Store store;
  private final ApiOptions options;
  private final Shelf<Runbook> runbooks;

  RunbookCalls(Lookups lookups, ApiOptions options) {
    this.store = lookups.store();
    this.options = options;
    this.runbooks =
        new Shelf<>(CatalogueTables.RUNBOOK, store.runbooks(), Runbook::uuid, "runbooks", true);
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("runbook.list", request -> runbooks.list(request, Query.ALL, options.maxLimit()));
    handlers.put("runbook.create", this::create);
    handlers.put("runbook.show", request -> runbooks.show(request, row(request)));
    handlers.put("runbook.update", this::update);
    handlers.put("runbook.delete", this::delete);
    handlers.put(
        "runbook.trait.list",
        request -> Answer.document(200, Map.of("traits", row(request).traits())));
    handlers.put("runbook.trait.replace", this::replaceTraits);
    handlers.put("runbook.trait.add", this::addTrait);
    handlers.put("runbook.trait.clear", request -> withTraits(request, Set.of()));
    handlers.put("runbook.trait.remove", this::removeTrait);
  }

  private Runbook row(ApiRequest request) {
    return runbooks.row(request.path("runbook_ident"));
  }

  private Answer create(ApiRequest request) {
    Map<String, @Nullable Object> values = runbooks.newValues(request);
    String name = (String) Objects.requireNonNull(values.get("name"));
    request.permit().own(request.operation(), values, 403);
    Runbook blank =
        RunbookBuilder.builder()
            .uuid((String) Objects.requireNonNull(values.get("uuid")))
            .name(name)
            .steps(List.of())
            .traits(List.of())
            .extra(Map.of())
            .build();
    Runbook draft = CatalogueTables.RUNBOOK.with(blank, values);
    check(draft, request.version());
    return runbooks.created(request, store.runbooks().insert(draft));
  }

  private Answer update(ApiRequest request) {
    JsonPatch patch = JsonPatch.read(request).permitted(CatalogueTables.RUNBOOK);
    Runbook before = row(request);
    for (String guarded : List.of("owner", "public")) {
      if (patch.roots().contains(guarded)) {
        request.permit().require("baremetal:runbook:update:" + guarded, Permit.target(before));
      }
    }
    Runbook after = CatalogueTables.RUNBOOK.with(before, runbooks.patched(request, patch, before));
    check(after, request.version());
    return runbooks.changed(request, store.runbooks().update(before, after));
  }

  private static void check(Runbook runbook, ApiVersion version) {
    if (version.atLeast(FREE_NAMES)) {
      Shelf.checkName(runbook.name(), "a runbook");
    } else {
      TraitCalls.checked(runbook.name());
    }
    if (runbook.isPublic() && runbook.owner() != null) {
      throw new IronicException(
          Fault.INVALID, "A public runbook has no owner; leave out owner, or public");
    }
  }

  private Answer delete(ApiRequest request) {
    store.runbooks().delete(row(request));
    return Answer.empty(204);
  }

  private Answer replaceTraits(ApiRequest request) {
    var traits = new TreeSet<String>();
    for (Object trait : (List<?>) Objects.requireNonNull(Bodies.members(request).get("traits"))) {
      traits.add(TraitCalls.checked(String.valueOf(trait)));
    }
    return withTraits(request, traits);
  }

  private Answer addTrait(ApiRequest request) {
    Bodies.expectNone(request);
    String trait = TraitCalls.checked(request.path("trait"));
    Runbook runbook = row(request);
    var traits = new TreeSet<>(runbook.traits());
    traits.add(trait);
    return withTraits(request, traits)
        .at(request.base() + "/v1/runbooks/" + runbook.uuid() + "/traits/" + trait);
  }

  /** Taking away what is not there is no error. */
  private Answer removeTrait(ApiRequest request) {
    var traits = new TreeSet<>(row(request).traits());
    traits.remove(request.path("trait"));
    return withTraits(request, traits);
  }

  private Answer withTraits(ApiRequest request, Set<String> traits) {
    Runbook before = row(request);
    store.runbooks().update(before, before.with(b -> b.traits(List.copyOf(new TreeSet<>(traits)))));
    return Answer.empty(204);
  }
}
