package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Chassis;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Query.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The conditions that a list of nodes may have. */
final class NodeFilters {

  private static final Set<String> FAULTS =
      Set.of("power failure", "clean failure", "rescue abort failure", "service failure");

  private NodeFilters() {}

  /** The query that a request's parameters come to. */
  static Query of(ApiRequest request, Lookups lookups) {
    var filters = new ArrayList<Filter>();
    equal(filters, request, "instance_uuid", "instanceUuid");
    equal(filters, request, "driver", "driver");
    equal(filters, request, "resource_class", "resourceClass");
    equal(filters, request, "owner", "owner");
    equal(filters, request, "lessee", "lessee");
    equal(filters, request, "instance_name", "instanceName");
    flag(filters, request, "maintenance", "maintenance");
    flag(filters, request, "retired", "retired");
    isNull(filters, request.flag("associated"), "instanceUuid");
    isNull(filters, request.flag("sharded"), "shard");

    String chassis = request.path().get("chassis_uuid");
    if (chassis == null) {
      chassis = request.query("chassis_uuid");
    }
    if (chassis != null) {
      Chassis row = Lookups.byUuid(lookups.store().chassis(), chassis);
      filters.add(new Filter.Equal("chassisId", row.id()));
    }
    String state = request.query("provision_state");
    if (state != null) {
      filters.add(
          new Filter.Equal(
              "provisionState",
              ProvisionState.ofWireName(state)
                  .orElseThrow(() -> refused("provision state", state))));
    }
    String fault = request.query("fault");
    if (fault != null) {
      if (!FAULTS.contains(fault)) {
        throw refused("fault", fault);
      }
      filters.add(new Filter.Equal("fault", fault));
    }
    String group = request.query("conductor_group");
    if (group != null) {
      filters.add(new Filter.Equal("conductorGroup", group.toLowerCase(Locale.ROOT)));
    }
    String part = request.query("description_contains");
    if (part != null) {
      filters.add(new Filter.Contains("description", part));
    }
    String project = request.query("project");
    if (project != null) {
      filters.add(new Filter.AnyEqual(List.of("owner", "lessee"), project));
    }
    String shards = request.query("shard");
    if (shards != null) {
      filters.add(new Filter.In("shard", shards(shards)));
    }
    String parent = request.query("parent_node");
    if (parent != null) {
      String uuid =
          lookups
              .store()
              .nodes()
              .find(parent)
              .filter(node -> lookups.sees(request, node))
              .map(Node::uuid)
              .orElse(parent);
      filters.add(new Filter.Equal("parentNode", uuid));
    } else if (!Boolean.TRUE.equals(request.flag("include_children"))) {
      filters.add(new Filter.IsNull("parentNode", true));
    }
    Query query = Query.ALL;
    for (Filter filter : filters) {
      query = query.and(filter);
    }
    return query;
  }

  /** The shards of a comma-separated list; their case matters. */
  static List<String> shards(String list) {
    return List.of(list.split(",", -1)).stream().map(String::trim).distinct().toList();
  }

  private static void equal(
      List<Filter> filters, ApiRequest request, String parameter, String component) {
    String value = request.query(parameter);
    if (value != null) {
      filters.add(new Filter.Equal(component, value));
    }
  }

  private static void flag(
      List<Filter> filters, ApiRequest request, String parameter, String component) {
    Boolean value = request.flag(parameter);
    if (value != null) {
      filters.add(new Filter.Equal(component, value));
    }
  }

  private static void isNull(List<Filter> filters, @Nullable Boolean set, String component) {
    if (set != null) {
      filters.add(new Filter.IsNull(component, !set));
    }
  }

  private static IronicException refused(String what, String value) {
    return new IronicException(Fault.INVALID, "'" + value + "' is not a known " + what);
  }
}
