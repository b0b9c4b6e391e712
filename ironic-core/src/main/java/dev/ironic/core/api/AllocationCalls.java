package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Allocation;
import dev.ironic.core.model.AllocationBuilder;
import dev.ironic.core.model.Node;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Query.Filter;
import dev.ironic.core.store.Store;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Allocations: requests for a node of some kind. */
final class AllocationCalls {

  /** First version that can say which node an allocation is for. */
  private static final int BACKFILL = 58;

  private final Store store;
  private final Lookups lookups;
  private final ApiOptions options;
  private final Shelf<Allocation> allocations;

  AllocationCalls(Lookups lookups, ApiOptions options) {
    this.store = lookups.store();
    this.lookups = lookups;
    this.options = options;
    this.allocations =
        new Shelf<>(
            CatalogueTables.ALLOCATION, store.allocations(), Allocation::uuid, "allocations", true);
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("allocation.list", this::list);
    handlers.put("allocation.create", this::create);
    handlers.put("allocation.show", allocations.shows(this::row));
    handlers.put("allocation.update", this::update);
    handlers.put("allocation.delete", request -> delete(request, row(request)));
    handlers.put("node.allocation.show", request -> allocations.show(request, ofNode(request)));
    handlers.put("node.allocation.delete", request -> delete(request, ofNode(request)));
  }

  private Allocation row(ApiRequest request) {
    return allocations.row(request.path("allocation_ident"));
  }

  private Allocation ofNode(ApiRequest request) {
    Node node = lookups.node(request);
    Long id = node.allocationId();
    if (id == null) {
      throw new IronicException(
          Fault.NOT_FOUND, "Allocation with node %s could not be found.".formatted(node.uuid()));
    }
    return store
        .allocations()
        .findById(id)
        .orElseThrow(
            () ->
                new IronicException(
                    Fault.NOT_FOUND, "The allocation of node %s is gone".formatted(node.uuid())));
  }

  private Answer list(ApiRequest request) {
    Query query = Query.ALL;
    String node = request.query("node");
    if (node != null) {
      query = query.and(new Filter.Equal("nodeId", lookups.nodeInBody(request, node).id()));
    }
    for (var filter :
        Map.of("resource_class", "resourceClass", "state", "state", "owner", "owner").entrySet()) {
      String value = request.query(filter.getKey());
      if (value != null) {
        query = query.and(new Filter.Equal(filter.getValue(), value));
      }
    }
    return allocations.list(request, query, options.maxLimit());
  }

  private Answer create(ApiRequest request) {
    Map<String, @Nullable Object> values = allocations.newValues(request, "node");
    Node node = node(request, values.remove("node"));
    Shelf.checkName(values.get("name"), "an allocation");
    request.permit().own(request.operation(), values, 403);
    if (node == null && values.get("resource_class") == null) {
      throw new IronicException(
          Fault.MISSING_PARAMETER_VALUE, "resource_class is missing; only with node may it be");
    }
    if (node != null
        && (!isEmpty(values.get("candidate_nodes")) || !isEmpty(values.get("traits")))) {
      throw new IronicException(
          Fault.INVALID, "node can't be combined with candidate_nodes or traits");
    }
    Allocation blank =
        AllocationBuilder.builder()
            .uuid(uuid(values, node))
            .state("allocating")
            .traits(List.of())
            .candidateNodes(List.of())
            .extra(Map.of())
            .build();
    Allocation given = CatalogueTables.ALLOCATION.with(blank, values);
    given.traits().forEach(TraitCalls::checked);
    List<String> candidates = candidates(request, given.candidateNodes());
    Allocation draft = given.with(b -> b.candidateNodes(candidates));
    Allocation made =
        lookups
            .locator()
            .any()
            .createAllocation(request.context(), draft, node == null ? null : node.uuid());
    return allocations.created(request, made);
  }

  /** A node that has an instance already gives the allocation the instance's UUID. */
  private static String uuid(Map<String, @Nullable Object> values, @Nullable Node node) {
    String instance = node == null ? null : node.instanceUuid();
    return instance == null ? (String) Objects.requireNonNull(values.get("uuid")) : instance;
  }

  private @Nullable Node node(ApiRequest request, @Nullable Object ident) {
    if (ident == null) {
      return null;
    }
    if (!request.version().atLeast(BACKFILL)) {
      throw new IronicException(Fault.INVALID, "node needs API version 1.58 or newer");
    }
    return lookups.nodeInBody(
        request, (String) Objects.requireNonNull(FieldType.IDENT.accept("node", ident)));
  }

  private List<String> candidates(ApiRequest request, List<String> idents) {
    var uuids = new LinkedHashSet<String>();
    for (String ident : idents) {
      uuids.add(lookups.nodeInBody(request, ident).uuid());
    }
    return new ArrayList<>(uuids);
  }

  private static boolean isEmpty(@Nullable Object list) {
    return list == null || List.of().equals(list);
  }

  private Answer update(ApiRequest request) {
    JsonPatch patch = JsonPatch.read(request).withoutLists();
    Allocation before = row(request);
    Map<String, @Nullable Object> values =
        allocations.patched(request, patch.permitted(CatalogueTables.ALLOCATION), before);
    Shelf.checkName(values.get("name"), "an allocation");
    Allocation after = CatalogueTables.ALLOCATION.with(before, values);
    return allocations.changed(request, store.allocations().update(before, after));
  }

  private Answer delete(ApiRequest request, Allocation allocation) {
    String node = allocation.nodeUuid();
    (node == null ? lookups.locator().any() : lookups.locator().forNode(store.nodes().get(node)))
        .destroyAllocation(request.context(), allocation.uuid());
    return Answer.empty(204);
  }
}
