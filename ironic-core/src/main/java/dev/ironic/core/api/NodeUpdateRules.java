package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;

/** Checks who may change a node: the rule of each field stands in its row of {@link NodeTable}. */
final class NodeUpdateRules {

  private static final String UPDATE = "baremetal:node:update";

  private NodeUpdateRules() {}

  private static String rule(String root) {
    Field<Node> field = NodeTable.NODE.find(root);
    return field == null || field.changedBy() == null ? UPDATE : field.changedBy();
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
      permit.require(rule(field), node);
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
