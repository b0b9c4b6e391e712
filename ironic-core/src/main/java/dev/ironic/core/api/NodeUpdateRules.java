package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import java.util.Map;

/** Which rule a change of which field of a node needs. */
final class NodeUpdateRules {

  private static final String UPDATE = "baremetal:node:update";

  /** The fields with a rule of their own; interfaces have one together. */
  private static final Map<String, String> RULES =
      Map.ofEntries(
          Map.entry("automated_clean", "baremetal:node:disable_cleaning"),
          Map.entry("chassis_uuid", UPDATE + ":chassis_uuid"),
          Map.entry("conductor_group", UPDATE + ":conductor_group"),
          Map.entry("disable_power_off", UPDATE + ":disable_power_off"),
          Map.entry("driver", UPDATE + ":driver_interfaces"),
          Map.entry("driver_info", UPDATE + ":driver_info"),
          Map.entry("extra", UPDATE + "_extra"),
          Map.entry("instance_info", UPDATE + "_instance_info"),
          Map.entry("instance_uuid", UPDATE + ":instance_uuid"),
          Map.entry("lessee", UPDATE + ":lessee"),
          Map.entry("maintenance", "baremetal:node:set_maintenance"),
          Map.entry("name", UPDATE + ":name"),
          Map.entry("network_data", UPDATE + ":network_data"),
          Map.entry("owner", UPDATE + ":owner"),
          Map.entry("parent_node", UPDATE + ":parent_node"),
          Map.entry("properties", UPDATE + ":properties"),
          Map.entry("retired", UPDATE + ":retired"),
          Map.entry("retired_reason", UPDATE + ":retired"),
          Map.entry("shard", UPDATE + ":shard"));

  private NodeUpdateRules() {}

  /** The rule for a field. */
  static String of(String field) {
    return field.endsWith("_interface")
        ? UPDATE + ":driver_interfaces"
        : RULES.getOrDefault(field, UPDATE);
  }

  /**
   * Fails unless the caller may change all that a patch touches.
   *
   * @throws IronicException 403; 409 for the owner of a machine in use
   */
  static void check(Permit permit, Node node, JsonPatch patch) {
    if (patch.roots().isEmpty()) {
      permit.require(UPDATE, node);
    }
    for (String field : patch.roots()) {
      permit.require(of(field), node);
    }
    if (patch.roots().contains("owner")
        && node.provisionState() == ProvisionState.ACTIVE
        && !permit.allows("baremetal:node:update_owner_provisioned", node)) {
      throw new IronicException(
          Fault.CONFLICT,
          "The owner of node %s can't be changed while it is in state \"%s\""
              .formatted(node.uuid(), node.provisionState().wireName()));
    }
  }
}
