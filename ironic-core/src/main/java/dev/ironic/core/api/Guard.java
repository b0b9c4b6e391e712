package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Allocation;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.Runbook;
import dev.ironic.core.store.Store;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands before every operation and checks that the caller may do it to what the path names. What
 * the caller may not even see is answered as if it did not exist. What depends on the body is
 * checked where the body is read.
 */
final class Guard {

  /** Operations on a node that stands in the body and is checked where the body is read. */
  private static final Set<String> NODE_IN_BODY =
      Set.of("port.create", "portgroup.create", "volume.connector.create", "volume.target.create");

  /** Operations for which any of the rules will do. */
  private static final Set<String> ANY_RULE = Set.of("allocation.create");

  private final Lookups lookups;
  private final boolean projectsManageNodes;

  Guard(Lookups lookups, boolean projectsManageNodes) {
    this.lookups = lookups;
    this.projectsManageNodes = projectsManageNodes;
  }

  /**
   * What a path names.
   *
   * @param target its properties
   * @param seen rule of those who may see it
   * @param open whether everybody sees it
   * @param missing what is said when it does not exist
   */
  private record Subject(
      Map<String, @Nullable String> target, String seen, boolean open, String missing) {

    static Subject of(Node node, String seen, String missing) {
      return new Subject(Permit.target(node), seen, false, missing);
    }
  }

  /**
   * Checks a request.
   *
   * @throws IronicException 403, or 404 for what is not to be seen or not there
   */
  void check(ApiRequest request) {
    Operation operation = request.operation();
    Permit permit = request.permit();
    if (permit.caller().unlimited()
        || operation.isPublic()
        || NODE_IN_BODY.contains(operation.id())) {
      return;
    }
    Subject subject = subject(request);
    boolean visible =
        subject == null || subject.open() || permit.allows(subject.seen(), subject.target());
    Map<String, @Nullable String> target = subject == null ? Map.of() : subject.target();
    boolean allowed = allowed(operation, permit, target, subject != null && subject.open());
    if (subject != null && !visible && (!allowed || operation.listsByProject())) {
      throw new IronicException(Fault.NOT_FOUND, subject.missing());
    }
    if (!allowed) {
      throw Permit.forbidden(operation.policies().getFirst());
    }
  }

  private boolean allowed(
      Operation operation, Permit permit, Map<String, @Nullable String> target, boolean open) {
    List<String> rules = operation.policies();
    if (rules.isEmpty()) {
      throw new IllegalStateException("No policy says who may use " + operation.id());
    }
    boolean first = permit.allows(rules.getFirst(), target);
    if (first || rules.size() == 1) {
      return first || (open && rules.getFirst().equals("baremetal:runbook:get"));
    }
    String second = rules.get(1);
    if (operation.listsByProject()) {
      return permit.allows(second, target) && permit.caller().projectId() != null;
    }
    return switch (operation.id()) {
      case "node.create" ->
          projectsManageNodes
              && permit.caller().projectId() != null
              && permit.allows(second, target);
      case "node.delete" -> projectsManageNodes && permit.allows(second, target);
      case "node.update" -> permit.allows("baremetal:node:get", target); // one rule for each path
      default -> ANY_RULE.contains(operation.id()) && permit.allows(second, target);
    };
  }

  private @Nullable Subject subject(ApiRequest request) {
    Map<String, String> path = request.path();
    Store store = lookups.store();
    Operation operation = request.operation();
    if (path.containsKey("node_ident")) {
      String ident = request.path("node_ident");
      return ofNode(lookups.node(request), ident, operation);
    }
    if (operation.id().equals("node.validate_query")) {
      String ident = HardwareCalls.queriedNode(request);
      Node node = lookups.node(ident, request.version());
      return Subject.of(node, "baremetal:node:get", missingNode(ident));
    }
    if (path.containsKey("port_ident") || path.containsKey("port_uuid")) {
      String ident = path.getOrDefault("port_ident", path.getOrDefault("port_uuid", ""));
      var port =
          path.containsKey("port_ident") && request.version().atLeast(88)
              ? Lookups.byIdent(store.ports(), ident)
              : Lookups.byUuid(store.ports(), ident);
      return ofNodeOf(port.nodeUuid(), "baremetal:port:get", "Port " + said(ident));
    }
    if (path.containsKey("portgroup_ident")) {
      String ident = request.path("portgroup_ident");
      var group = Lookups.byIdent(store.portgroups(), ident);
      return ofNodeOf(group.nodeUuid(), "baremetal:portgroup:get", "Portgroup " + said(ident));
    }
    if (path.containsKey("connector_uuid")) {
      String ident = request.path("connector_uuid");
      var row = Lookups.byUuid(store.volumeConnectors(), ident);
      return ofNodeOf(row.nodeUuid(), "baremetal:volume:get", "Volume connector " + said(ident));
    }
    if (path.containsKey("target_uuid")) {
      String ident = request.path("target_uuid");
      var row = Lookups.byUuid(store.volumeTargets(), ident);
      return ofNodeOf(row.nodeUuid(), "baremetal:volume:get", "Volume target " + said(ident));
    }
    if (path.containsKey("allocation_ident")) {
      String ident = request.path("allocation_ident");
      return ofAllocation(Lookups.byIdent(store.allocations(), ident), "Allocation " + said(ident));
    }
    if (path.containsKey("runbook_ident")) {
      String ident = request.path("runbook_ident");
      Runbook runbook = Lookups.byIdent(store.runbooks(), ident);
      return new Subject(
          Permit.target(runbook),
          "baremetal:runbook:get",
          runbook.isPublic(),
          "Runbook " + said(ident) + " could not be found.");
    }
    return null;
  }

  private Subject ofNode(Node node, String ident, Operation operation) {
    if (!operation.id().startsWith("node.allocation.")) {
      return Subject.of(node, "baremetal:node:get", missingNode(ident));
    }
    Long id = node.allocationId();
    if (id == null) {
      return Subject.of(node, "baremetal:node:get", missingNode(ident));
    }
    return lookups
        .store()
        .allocations()
        .findById(id)
        .map(row -> ofAllocation(row, "Node " + said(ident)))
        .orElseGet(() -> Subject.of(node, "baremetal:node:get", missingNode(ident)));
  }

  private static Subject ofAllocation(Allocation allocation, String what) {
    return new Subject(Permit.target(allocation), "baremetal:allocation:get", false, missing(what));
  }

  private Subject ofNodeOf(String nodeUuid, String seen, String what) {
    return Subject.of(lookups.store().nodes().get(nodeUuid), seen, missing(what));
  }

  private static String missingNode(String ident) {
    return missing("Node " + said(ident));
  }

  private static String missing(String what) {
    return what + " could not be found.";
  }

  /** As the database says it: UUIDs in lower case. */
  private static String said(String ident) {
    return FieldType.isUuid(ident) ? ident.toLowerCase(Locale.ROOT) : ident;
  }
}
