package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.Port;
import dev.ironic.core.model.Portgroup;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.model.ProvisionState.Trait;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must hold for a change or a deletion of a port or a port group. Pure functions; stateless
 * and thread-safe.
 */
final class PortRules {

  /** Keys of {@code internal_info} that hold an attached interface, and what it is used for. */
  private static final Map<String, String> VIF_KEYS = vifKeys();

  private PortRules() {}

  /** Checks a change of a port. */
  static void checkChange(Node node, Port before, Port after) {
    if (!before.address().equals(after.address())) {
      requireAddressChangeable(node, "port " + after.uuid());
    }
    boolean connectivity =
        !Objects.equals(before.portgroupId(), after.portgroupId())
            || before.pxeEnabled() != after.pxeEnabled()
            || !before.localLinkConnection().equals(after.localLinkConnection())
            || !Objects.equals(before.physicalNetwork(), after.physicalNetwork());
    if (connectivity
        && !node.maintenance()
        && !node.provisionState().is(Trait.CONNECTIVITY_CHANGEABLE)) {
      throw new IronicException(
          Fault.CONFLICT,
          ("Port %s can not have any connectivity attributes (portgroup_uuid, pxe_enabled,"
                  + " local_link_connection, physical_network) updated unless node %s is in a %s"
                  + " state or in maintenance mode. The current state is %s.")
              .formatted(
                  after.uuid(),
                  node.uuid(),
                  NodeRules.names(ProvisionState.with(Trait.CONNECTIVITY_CHANGEABLE)),
                  node.provisionState().wireName()));
    }
  }

  /** Checks a change of a port group. */
  static void checkChange(Node node, Portgroup before, Portgroup after) {
    if (!Objects.equals(before.address(), after.address())) {
      requireAddressChangeable(node, "portgroup " + after.uuid());
    }
  }

  /** Checks that a port may be deleted. */
  static void checkDeletable(Node node, Port port) {
    if (node.maintenance()) {
      return;
    }
    VIF_KEYS.forEach(
        (key, use) -> {
          Object vif = port.internalInfo().get(key);
          if (vif != null) {
            throw new IronicException(
                Fault.INVALID_STATE,
                ("Cannot delete the port %s as node %s is using it: it is bound to VIF %s for %s"
                        + " use. Detach the VIF, or set the node into maintenance mode.")
                    .formatted(port.uuid(), node.uuid(), vif, use));
          }
        });
  }

  /**
   * Checks that all members of a port group are plugged into one physical network.
   *
   * @param members the other ports of the group
   */
  static void checkPhysicalNetwork(Port port, List<Port> members) {
    var networks = new HashSet<@Nullable String>();
    members.stream()
        .filter(member -> !member.uuid().equals(port.uuid()))
        .forEach(member -> networks.add(member.physicalNetwork()));
    if (!networks.isEmpty() && !networks.equals(setOf(port.physicalNetwork()))) {
      throw new IronicException(
          Fault.CONFLICT,
          ("Port group %s has member ports with physical networks %s; port %s with physical network"
                  + " %s cannot be one of them")
              .formatted(port.portgroupUuid(), networks, port.uuid(), port.physicalNetwork()));
    }
  }

  private static Set<@Nullable String> setOf(@Nullable String value) {
    var set = new HashSet<@Nullable String>();
    set.add(value);
    return set;
  }

  private static void requireAddressChangeable(Node node, String what) {
    boolean inUse = node.provisionState() == ProvisionState.ACTIVE || node.instanceUuid() != null;
    if (inUse && !node.maintenance()) {
      throw new IronicException(
          Fault.INVALID_STATE,
          ("Cannot update hardware address for %s as node %s is active or has instance UUID"
                  + " assigned")
              .formatted(what, node.uuid()));
    }
  }

  private static Map<String, String> vifKeys() {
    var keys = new LinkedHashMap<String, String>();
    keys.put("tenant_vif_port_id", "tenant");
    keys.put("cleaning_vif_port_id", "cleaning");
    keys.put("provisioning_vif_port_id", "provisioning");
    keys.put("rescuing_vif_port_id", "rescuing");
    keys.put("inspection_vif_port_id", "inspection");
    keys.put("servicing_vif_port_id", "servicing");
    return keys;
  }
}
