package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Allocation;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.Runbook;
import dev.ironic.core.policy.Caller;
import dev.ironic.core.policy.Policy;
import dev.ironic.core.policy.Rules;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Query.Filter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the caller of one request may do and see, by the rules of the moment when it is first asked:
 * most requests of callers without limits never ask. For one thread.
 */
public final class Permit {

  private final Policy policy;
  private final Caller caller;
  private @Nullable Rules rules;

  Permit(Policy policy, Caller caller) {
    this.policy = policy;
    this.caller = caller;
  }

  /** Whose it is. */
  public Caller caller() {
    return caller;
  }

  /** Whether the caller may do something to what has these properties. */
  boolean allows(String rule, Map<String, @Nullable String> target) {
    Rules known = rules;
    if (known == null) {
      known = policy.now();
      rules = known;
    }
    return known.allow(rule, caller, target);
  }

  boolean allows(String rule) {
    return allows(rule, Map.of());
  }

  boolean allows(String rule, Node node) {
    return allows(rule, target(node));
  }

  boolean allows(String rule, Runbook runbook) {
    return allows(rule, target(runbook));
  }

  /**
   * Fails unless the caller may do something.
   *
   * @throws IronicException 403
   */
  void require(String rule, Map<String, @Nullable String> target) {
    if (!caller.unlimited() && !allows(rule, target)) {
      throw forbidden(rule);
    }
  }

  void require(String rule, Node node) {
    require(rule, target(node));
  }

  static IronicException forbidden(String rule) {
    return new IronicException(
        Fault.FORBIDDEN, "Access was denied to the following resource: " + rule);
  }

  /** Whether the caller sees a field of a node that some readers of the node do not. */
  boolean sees(String field, Node node) {
    return caller.unlimited()
        || allows("baremetal:node:get:filter_threshold")
        || allows("baremetal:node:get:" + field, node);
  }

  /** Whether the caller sees secrets. Nobody does at a door that is open to everybody. */
  boolean seesSecrets(String rule) {
    return !caller.roles().isEmpty() && allows(rule);
  }

  static Map<String, @Nullable String> target(Node node) {
    var target = new HashMap<String, @Nullable String>();
    target.put("node.owner", node.owner());
    target.put("node.lessee", node.lessee());
    return target;
  }

  static Map<String, @Nullable String> target(Allocation allocation) {
    var target = new HashMap<String, @Nullable String>();
    target.put("allocation.owner", allocation.owner());
    return target;
  }

  static Map<String, @Nullable String> target(Runbook runbook) {
    var target = new HashMap<String, @Nullable String>();
    target.put("runbook.owner", runbook.owner());
    return target;
  }

  /** The only project whose objects an operation may list or make for this caller; null for all. */
  @Nullable String within(Operation operation) {
    if (caller.unlimited() || operation.isPublic()) {
      return null;
    }
    String everything =
        switch (operation.id()) {
          case "node.create" -> "baremetal:node:create";
          case "allocation.create" -> "baremetal:allocation:create_restricted";
          case "runbook.create" -> "baremetal:runbook:update:owner";
          default -> operation.listsByProject() ? operation.policies().getFirst() : null;
        };
    if (everything == null || allows(everything)) {
      return null;
    }
    String project = caller.projectId();
    if (project == null) {
      throw forbidden(everything);
    }
    return project;
  }

  /** Narrows a list to what an operation may list for this caller. */
  Query narrowed(Operation operation, String collection, Query query) {
    String project = within(operation);
    if (project == null) {
      return query;
    }
    Filter ofNode = new Filter.AnyEqual(List.of("owner", "lessee"), project);
    return switch (collection) {
      case "nodes" -> query.and(ofNode);
      case "allocations" -> query.and(new Filter.Equal("owner", project));
      case "runbooks" ->
          query.and(
              new Filter.Any(
                  List.of(new Filter.Equal("owner", project), new Filter.Equal("isPublic", true))));
      case "ports", "portgroups", "connectors", "targets" ->
          query.and(new Filter.OfNode(List.of(ofNode)));
      default -> throw new IllegalArgumentException(collection + " belong to no project");
    };
  }

  /**
   * Gives a new object to the project that may own what this caller makes.
   *
   * @param status of the refusal when another owner was given
   */
  void own(Operation operation, Map<String, @Nullable Object> values, int status) {
    String project = within(operation);
    if (project == null) {
      return;
    }
    Object given = values.get("owner");
    if (given != null && !given.equals(project)) {
      throw new IronicException(
          status == 403 ? Fault.FORBIDDEN : Fault.INVALID,
          "owner can't be %s: this caller makes objects for project %s only"
              .formatted(given, project));
    }
    values.put("owner", project);
  }
}
