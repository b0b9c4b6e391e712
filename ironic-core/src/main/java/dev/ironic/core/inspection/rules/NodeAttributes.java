package dev.ironic.core.inspection.rules;

import dev.ironic.core.model.Node;
import dev.ironic.core.model.Port;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.PowerState;
import java.util.EnumMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What rules see of nodes and ports. States, locks and what the conductor keeps for itself can be
 * read but not changed: a node changes its state by flows only.
 */
final class NodeAttributes {

  static final Attributes<Node> NODE = node();

  static final Attributes<Port> PORT =
      new Attributes<Port>("port")
          .shown("uuid", Port::uuid)
          .shown("node_uuid", Port::nodeUuid)
          .shown("portgroup_uuid", Port::portgroupUuid)
          .shown("internal_info", Port::internalInfo)
          .required("address", Port::address, (p, value) -> p.with(b -> b.address(mac(value))))
          .text("name", Port::name, (p, value) -> p.with(b -> b.name(value)))
          .text("description", Port::description, (p, value) -> p.with(b -> b.description(value)))
          .text("vendor", Port::vendor, (p, value) -> p.with(b -> b.vendor(value)))
          .text("category", Port::category, (p, value) -> p.with(b -> b.category(value)))
          .text(
              "physical_network",
              Port::physicalNetwork,
              (p, value) -> p.with(b -> b.physicalNetwork(value)))
          .flag("pxe_enabled", Port::pxeEnabled, (p, value) -> p.with(b -> b.pxeEnabled(value)))
          .flag("is_smartnic", Port::isSmartnic, (p, value) -> p.with(b -> b.isSmartnic(value)))
          .object(
              "local_link_connection",
              Port::localLinkConnection,
              (p, value) -> p.with(b -> b.localLinkConnection(value)))
          .object("extra", Port::extra, (p, value) -> p.with(b -> b.extra(value)));

  private NodeAttributes() {}

  private static Attributes<Node> node() {
    Attributes<Node> table =
        new Attributes<Node>("node")
            .shown("uuid", Node::uuid)
            .shown("provision_state", state(Node::provisionState))
            .shown("target_provision_state", state(Node::targetProvisionState))
            .shown("power_state", power(Node::powerState))
            .shown("target_power_state", power(Node::targetPowerState))
            .shown("last_error", Node::lastError)
            .shown("reservation", Node::reservation)
            .shown("fault", Node::fault)
            .shown("console_enabled", Node::consoleEnabled)
            .shown("driver_internal_info", Node::driverInternalInfo)
            .shown("clean_step", Node::cleanStep)
            .shown("deploy_step", Node::deployStep)
            .shown("service_step", Node::serviceStep)
            .shown("raid_config", Node::raidConfig)
            .shown("boot_mode", Node::bootMode)
            .shown("secure_boot", Node::secureBoot)
            .shown("health", Node::health)
            .shown("instance_uuid", Node::instanceUuid)
            .required("driver", Node::driver, (n, value) -> n.with(b -> b.driver(value)))
            .required(
                "conductor_group",
                Node::conductorGroup,
                (n, value) -> n.with(b -> b.conductorGroup(value)))
            .text("name", Node::name, (n, value) -> n.with(b -> b.name(value)))
            .text("description", Node::description, (n, value) -> n.with(b -> b.description(value)))
            .text(
                "instance_name",
                Node::instanceName,
                (n, value) -> n.with(b -> b.instanceName(value)))
            .text(
                "resource_class",
                Node::resourceClass,
                (n, value) -> n.with(b -> b.resourceClass(value)))
            .text("owner", Node::owner, (n, value) -> n.with(b -> b.owner(value)))
            .text("lessee", Node::lessee, (n, value) -> n.with(b -> b.lessee(value)))
            .text("shard", Node::shard, (n, value) -> n.with(b -> b.shard(value)))
            .text("parent_node", Node::parentNode, (n, value) -> n.with(b -> b.parentNode(value)))
            .text(
                "maintenance_reason",
                Node::maintenanceReason,
                (n, value) -> n.with(b -> b.maintenanceReason(value)))
            .text(
                "protected_reason",
                Node::protectedReason,
                (n, value) -> n.with(b -> b.protectedReason(value)))
            .text(
                "retired_reason",
                Node::retiredReason,
                (n, value) -> n.with(b -> b.retiredReason(value)))
            .flag("maintenance", Node::maintenance, (n, value) -> n.with(b -> b.maintenance(value)))
            .flag("protected", Node::isProtected, (n, value) -> n.with(b -> b.isProtected(value)))
            .flag("retired", Node::retired, (n, value) -> n.with(b -> b.retired(value)))
            .flag(
                "disable_power_off",
                Node::disablePowerOff,
                (n, value) -> n.with(b -> b.disablePowerOff(value)))
            .add(
                "automated_clean",
                Node::automatedClean,
                (n, value) ->
                    n.with(
                        b ->
                            b.automatedClean(
                                value == null ? null : Attributes.truth("automated_clean", value))))
            .object("driver_info", Node::driverInfo, (n, value) -> n.with(b -> b.driverInfo(value)))
            .object(
                "instance_info",
                Node::instanceInfo,
                (n, value) -> n.with(b -> b.instanceInfo(value)))
            .object("properties", Node::properties, (n, value) -> n.with(b -> b.properties(value)))
            .object("extra", Node::extra, (n, value) -> n.with(b -> b.extra(value)))
            .object(
                "network_data", Node::networkData, (n, value) -> n.with(b -> b.networkData(value)))
            .object(
                "target_raid_config",
                Node::targetRaidConfig,
                (n, value) -> n.with(b -> b.targetRaidConfig(value)));
    for (InterfaceKind kind : InterfaceKind.values()) {
      table.text(
          kind.nodeField(), n -> n.interfaces().get(kind), (n, value) -> use(n, kind, value));
    }
    return table;
  }

  private static Node use(Node node, InterfaceKind kind, @Nullable String implementation) {
    var interfaces = new EnumMap<InterfaceKind, String>(InterfaceKind.class);
    interfaces.putAll(node.interfaces());
    if (implementation == null) {
      interfaces.remove(kind);
    } else {
      interfaces.put(kind, implementation);
    }
    return node.with(b -> b.interfaces(interfaces));
  }

  private static Function<Node, @Nullable Object> state(
      Function<Node, @Nullable ProvisionState> read) {
    return node -> {
      ProvisionState state = read.apply(node);
      return state == null ? null : state.wireName();
    };
  }

  private static Function<Node, @Nullable Object> power(Function<Node, @Nullable PowerState> read) {
    return node -> {
      PowerState state = read.apply(node);
      return state == null ? null : state.wireName();
    };
  }

  private static String mac(String value) {
    String mac = value.strip().toLowerCase(java.util.Locale.ROOT).replace('-', ':');
    if (!mac.matches("[0-9a-f]{2}(:[0-9a-f]{2}){5}")) {
      throw RuleError.of("'%s' is no MAC address", value);
    }
    return mac;
  }
}
