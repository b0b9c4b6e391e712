package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.conductor.ConductorService;
import dev.ironic.core.model.Allocation;
import dev.ironic.core.model.Chassis;
import dev.ironic.core.model.Node;
import dev.ironic.core.routing.ConductorLocator;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Repository;
import dev.ironic.core.store.Store;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds what requests name, and what answers need besides the rows. */
final class Lookups {

  private final Store store;
  private final ConductorLocator locator;

  Lookups(Store store, ConductorLocator locator) {
    this.store = store;
    this.locator = locator;
  }

  Store store() {
    return store;
  }

  /** The node that a path names. */
  Node node(ApiRequest request) {
    return node(request.path("node_ident"), request.version());
  }

  /**
   * The node that an identifier of a path names.
   *
   * @throws IronicException 404, or 400 for a malformed identifier
   */
  Node node(String ident, ApiVersion version) {
    return store.nodes().get(nodeIdent(ident, version));
  }

  /** Checks the form of a node's identifier. */
  static String nodeIdent(String ident, ApiVersion version) {
    if (FieldType.isUuid(ident)) {
      return ident.toLowerCase(java.util.Locale.ROOT);
    }
    if (!version.atLeast(5)) {
      throw new IronicException(Fault.NOT_FOUND, "Node " + ident + " could not be found.");
    }
    return pathIdent(ident, "a node");
  }

  /**
   * An identifier in a path, if it has the form of one.
   *
   * @param of what it should identify, with its article
   */
  static String pathIdent(String ident, String of) {
    if (!FieldType.isIdent(ident)) {
      throw new IronicException(
          Fault.INVALID_IDENTIFIER, "Expected a UUID or name of " + of + ", got '" + ident + "'");
    }
    return ident;
  }

  /**
   * The node that a member of a body names and that the operation is done to. Who may do it to some
   * nodes only learns nothing of others, not even whether they exist.
   *
   * @throws IronicException 403, or 400 when there is none
   */
  Node nodeOfBody(ApiRequest request, String ident) {
    Optional<Node> node = store.nodes().find(ident);
    request
        .permit()
        .require(
            request.operation().policies().getFirst(), node.map(Permit::target).orElseGet(Map::of));
    return node.orElseThrow(() -> noNode(ident));
  }

  /** A node that a member of a body names; 400 when there is none to be seen. */
  Node nodeInBody(ApiRequest request, String ident) {
    return store
        .nodes()
        .find(ident)
        .filter(node -> sees(request, node))
        .orElseThrow(() -> noNode(ident));
  }

  private static IronicException noNode(String ident) {
    return new IronicException(
        Fault.NODE_NOT_FOUND, 400, "Node " + ident + " could not be found.", null);
  }

  /** The node that a query parameter names; 404 when there is none to be seen. */
  Node nodeInQuery(ApiRequest request, String ident) {
    Node node = store.nodes().get(ident);
    if (!sees(request, node)) {
      throw new IronicException(Fault.NODE_NOT_FOUND, "Node " + ident + " could not be found.");
    }
    return node;
  }

  /** Whether the caller may know of a node. */
  boolean sees(ApiRequest request, Node node) {
    return request.permit().caller().unlimited()
        || request.permit().allows("baremetal:node:get", node);
  }

  /** A row that a path names by its UUID only. */
  static <T extends Record> T byUuid(Repository<T> rows, String ident) {
    return rows.get((String) FieldType.UUID.accept("the identifier", ident));
  }

  /** A row that a path names by its UUID or name. */
  static <T extends Record> T byIdent(Repository<T> rows, String ident) {
    return rows.get((String) FieldType.IDENT.accept("the identifier", ident));
  }

  /** The conductor of a node whose choice of driver or group the client has just made. */
  ConductorService conductorFor(Node node) {
    return orBadRequest(() -> locator.forNode(node));
  }

  /** The condition that a row belongs to one of the nodes that match. */
  Query.Filter ofNodes(Query.Filter nodes) {
    List<Long> ids =
        store.nodes().list(Query.ALL.and(nodes), Set.of("id")).stream().map(Node::id).toList();
    return new Query.Filter.In("nodeId", ids);
  }

  ConductorLocator locator() {
    return locator;
  }

  private static <R> R orBadRequest(Supplier<R> call) {
    try {
      return call.get();
    } catch (IronicException e) {
      if (e.fault() == Fault.NO_VALID_HOST) {
        throw new IronicException(e.fault(), 400, String.valueOf(e.getMessage()), e);
      }
      throw e;
    }
  }

  /** What the given nodes need so that these fields can be written. */
  View view(ApiRequest request, List<Node> nodes, List<Field<Node>> shown) {
    Function<String, Boolean> needs =
        name -> shown.stream().anyMatch(field -> field.name().equals(name));
    return new View(
        request.version(),
        request.permit(),
        View.Address.of(request.base()),
        needs.apply("chassis_uuid")
            ? uuids(store.chassis(), ids(nodes, Node::chassisId), Chassis::id, Chassis::uuid)
            : Map.of(),
        needs.apply("allocation_uuid")
            ? uuids(
                store.allocations(),
                ids(nodes, Node::allocationId),
                Allocation::id,
                Allocation::uuid)
            : Map.of(),
        "",
        this::hostOf);
  }

  /** Host name of the conductor of a node; null while there is none. */
  @Nullable String hostOf(Node node) {
    try {
      return locator.hostOf(node);
    } catch (IronicException e) {
      return null; // the node has no conductor now, which is an answer, not a failure
    }
  }

  private static List<Long> ids(List<Node> nodes, Function<Node, @Nullable Long> id) {
    var ids = new ArrayList<Long>();
    nodes.stream().map(id).filter(Objects::nonNull).distinct().forEach(ids::add);
    return ids;
  }

  private static <T extends Record> Map<Long, String> uuids(
      Repository<T> rows, Collection<Long> ids, Function<T, Long> id, Function<T, String> uuid) {
    var uuids = new HashMap<Long, String>();
    if (!ids.isEmpty()) {
      for (T row : rows.list(Query.ALL.and(new Query.Filter.In("id", ids)))) {
        uuids.put(id.apply(row), uuid.apply(row));
      }
    }
    return uuids;
  }
}
