package dev.ironic.core.api;

import static dev.ironic.core.api.Field.field;
import static dev.ironic.core.api.FieldType.BOOLEAN;
import static dev.ironic.core.api.FieldType.DATETIME;
import static dev.ironic.core.api.FieldType.IDENT;
import static dev.ironic.core.api.FieldType.LINKS;
import static dev.ironic.core.api.FieldType.OBJECT;
import static dev.ironic.core.api.FieldType.STRING;
import static dev.ironic.core.api.FieldType.STRINGS;
import static dev.ironic.core.api.FieldType.UUID;
import static dev.ironic.core.api.Mark.CREATE;
import static dev.ironic.core.api.Mark.DEFAULT_UNGATED;
import static dev.ironic.core.api.Mark.NOT_CHOSEN;
import static dev.ironic.core.api.Mark.NOT_EMPTY;
import static dev.ironic.core.api.Mark.NULLABLE;
import static dev.ironic.core.api.Mark.NULL_GATED;
import static dev.ironic.core.api.Mark.PATCH;
import static dev.ironic.core.api.Mark.REQUIRED;
import static dev.ironic.core.api.Mark.UNSORTABLE;

import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.driver.InterfaceKind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a node is on the wire. */
final class NodeTable {

  private static final RecordAccess<Node> NODE_ACCESS = new RecordAccess<>(Node.class);

  static final Resource<Node> NODE =
      new Resource<>(
          "nodes",
          NODE_ACCESS,
          List.of("instance_uuid", "maintenance", "power_state", "provision_state", "uuid", "name"),
          List.of(
              node("uuid", UUID, 1, CREATE),
              node("created_at", DATETIME, 1),
              node("updated_at", DATETIME, 1, NULLABLE),
              node("allocation_uuid", UUID, 52, NULLABLE)
                  .computed((n, v) -> v.allocations().get(n.allocationId()))
                  .madeOf("allocationId"),
              node("automated_clean", BOOLEAN, 47, NULLABLE, CREATE, PATCH)
                  .changedBy("baremetal:node:disable_cleaning"),
              interfaceField(InterfaceKind.BIOS, 40),
              interfaceField(InterfaceKind.BOOT, 31),
              node("boot_mode", STRING, 75, NULLABLE, CREATE),
              node("chassis_uuid", UUID, 1, NULLABLE, CREATE, PATCH)
                  .changedBy("baremetal:node:update:chassis_uuid")
                  .computed((n, v) -> v.chassis().get(n.chassisId()))
                  .madeOf("chassisId"),
              node("clean_step", OBJECT, 7, UNSORTABLE).masked(NODE_ACCESS),
              node("conductor", STRING, 49, NULLABLE)
                  .computed((n, v) -> v.conductor().apply(n))
                  .madeOf("uuid"),
              node("conductor_group", STRING, 46, CREATE, PATCH, NULL_GATED, DEFAULT_UNGATED)
                  .changedBy("baremetal:node:update:conductor_group")
                  .otherwise(""),
              node("console_enabled", BOOLEAN, 1, CREATE),
              interfaceField(InterfaceKind.CONSOLE, 31),
              interfaceField(InterfaceKind.DEPLOY, 31),
              node("deploy_step", OBJECT, 44, UNSORTABLE).masked(NODE_ACCESS),
              node("description", STRING, 51, NULLABLE, CREATE, PATCH).max(4096),
              node("disable_power_off", BOOLEAN, 95, NULLABLE, CREATE, PATCH)
                  .changedBy("baremetal:node:update:disable_power_off"),
              node("driver", STRING, 1, CREATE, REQUIRED, PATCH)
                  .changedBy("baremetal:node:update:driver_interfaces"),
              guarded(
                  node("driver_info", OBJECT, 1, CREATE, PATCH, UNSORTABLE)
                      .changedBy("baremetal:node:update:driver_info")
                      .masked(NODE_ACCESS, "snmp_auth_key", "snmp_priv_key")),
              guarded(node("driver_internal_info", OBJECT, 3, UNSORTABLE).masked(NODE_ACCESS)),
              node("extra", OBJECT, 1, CREATE, PATCH, UNSORTABLE)
                  .changedBy("baremetal:node:update_extra"),
              node("fault", STRING, 42, NULLABLE),
              interfaceField(InterfaceKind.FIRMWARE, 86),
              node("health", STRING, 109, NULLABLE),
              node("inspection_finished_at", DATETIME, 6, NULLABLE),
              node("inspection_started_at", DATETIME, 6, NULLABLE),
              interfaceField(InterfaceKind.INSPECT, 31),
              node("instance_info", OBJECT, 1, CREATE, PATCH, UNSORTABLE)
                  .changedBy("baremetal:node:update_instance_info")
                  .maskedUnless("show_instance_secrets", NODE_ACCESS, "configdrive", "image_url"),
              node("instance_name", STRING, 104, NULLABLE, CREATE, PATCH, NOT_EMPTY).max(255),
              node("instance_uuid", UUID, 1, NULLABLE, CREATE, PATCH)
                  .changedBy("baremetal:node:update:instance_uuid"),
              guarded(node("last_error", STRING, 1, NULLABLE)),
              node("lessee", STRING, 65, NULLABLE, CREATE, PATCH)
                  .changedBy("baremetal:node:update:lessee"),
              node("links", LINKS, 1, NOT_CHOSEN)
                  .computed((n, v) -> v.links("nodes/" + n.uuid()))
                  .madeOf("uuid"),
              node("maintenance", BOOLEAN, 1, CREATE, PATCH)
                  .changedBy("baremetal:node:set_maintenance"),
              node("maintenance_reason", STRING, 1, NULLABLE),
              interfaceField(InterfaceKind.MANAGEMENT, 31),
              node("name", STRING, 5, NULLABLE, CREATE, PATCH)
                  .changedBy("baremetal:node:update:name")
                  .max(255),
              node("network_data", OBJECT, 66, CREATE, PATCH, UNSORTABLE)
                  .changedBy("baremetal:node:update:network_data")
                  .checkedBy(value -> NetworkData.checkUnlessEmpty(Json.object(value))),
              interfaceField(InterfaceKind.NETWORK, 20),
              node("owner", STRING, 50, NULLABLE, CREATE, PATCH)
                  .changedBy("baremetal:node:update:owner")
                  .max(255),
              node("parent_node", IDENT, 83, NULLABLE, CREATE, PATCH)
                  .changedBy("baremetal:node:update:parent_node"),
              node("portgroups", LINKS, 24, NOT_CHOSEN)
                  .computed((n, v) -> v.links("nodes/" + n.uuid() + "/portgroups"))
                  .madeOf("uuid"),
              node("ports", LINKS, 1, NOT_CHOSEN)
                  .computed((n, v) -> v.links("nodes/" + n.uuid() + "/ports"))
                  .madeOf("uuid"),
              interfaceField(InterfaceKind.POWER, 31),
              node("power_state", STRING, 1, NULLABLE),
              node("properties", OBJECT, 1, CREATE, PATCH, UNSORTABLE)
                  .changedBy("baremetal:node:update:properties"),
              node("protected", BOOLEAN, 48, PATCH).in("isProtected"),
              node("protected_reason", STRING, 48, NULLABLE, PATCH),
              node("provision_state", STRING, 1, NULLABLE)
                  .oneOf(wireNames())
                  .shownAs(NodeTable::provisionState),
              node("provision_updated_at", DATETIME, 1, NULLABLE),
              node("raid_config", OBJECT, 12, UNSORTABLE),
              interfaceField(InterfaceKind.RAID, 31),
              interfaceField(InterfaceKind.RESCUE, 38),
              guarded(node("reservation", STRING, 1, NULLABLE)),
              node("resource_class", STRING, 21, NULLABLE, CREATE, PATCH).max(80),
              node("retired", BOOLEAN, 61, CREATE, PATCH)
                  .changedBy("baremetal:node:update:retired"),
              node("retired_reason", STRING, 61, NULLABLE, CREATE, PATCH)
                  .changedBy("baremetal:node:update:retired"),
              node("secure_boot", BOOLEAN, 75, NULLABLE, CREATE),
              node("service_step", OBJECT, 87, UNSORTABLE).masked(NODE_ACCESS),
              node("shard", STRING, 82, NULLABLE, CREATE, PATCH)
                  .changedBy("baremetal:node:update:shard")
                  .max(255),
              node("states", LINKS, 14, NOT_CHOSEN)
                  .computed((n, v) -> v.links("nodes/" + n.uuid() + "/states"))
                  .madeOf("uuid"),
              interfaceField(InterfaceKind.STORAGE, 33),
              node("target_power_state", STRING, 1, NULLABLE),
              node("target_provision_state", STRING, 1, NULLABLE)
                  .oneOf(wireNames())
                  .shownAs(NodeTable::targetProvisionState),
              node("target_raid_config", OBJECT, 12, UNSORTABLE),
              node("traits", STRINGS, 37, UNSORTABLE),
              interfaceField(InterfaceKind.VENDOR, 31),
              node("volume", LINKS, 32, NOT_CHOSEN)
                  .computed((n, v) -> v.links("nodes/" + n.uuid() + "/volume"))
                  .madeOf("uuid")));

  /** What is read of a node in any case: its place in lists, and who serves it. */
  static final Set<String> ALWAYS =
      Set.of("id", "uuid", "name", "driver", "conductorGroup", "provisionState");

  private NodeTable() {}

  /** The same field, told to those only whom a rule of its own allows to know. */
  private static Field<Node> guarded(Field<Node> field) {
    var shown = field.shown();
    String component = Objects.requireNonNull(field.component());
    String text = "** Redacted - requires baremetal:node:get:" + field.name() + " permission. **";
    Object instead = field.type() == OBJECT ? Map.of("content", text) : text;
    return field
        .shownAs(
            (node, view) -> {
              Object value =
                  shown == null ? NODE_ACCESS.read(node, component) : shown.apply(node, view);
              return value == null || view.permit().sees(field.name(), node) ? value : instead;
            })
        .madeOf("owner", "lessee");
  }

  /** The field that names the implementation of an interface. */
  private static Field<Node> interfaceField(InterfaceKind kind, int since) {
    return Field.<Node>field(kind.nodeField(), STRING, since, NULLABLE, CREATE, PATCH)
        .computed((node, view) -> node.interfaces().get(kind))
        .madeOf("interfaces")
        .sortedBy(kind.wireName() + "Interface")
        .changedBy("baremetal:node:update:driver_interfaces")
        .setBy(
            (node, name) -> {
              var interfaces = new EnumMap<InterfaceKind, String>(InterfaceKind.class);
              interfaces.putAll(node.interfaces());
              if (name == null) {
                interfaces.remove(kind);
              } else {
                interfaces.put(kind, (String) name);
              }
              return node.with(b -> b.interfaces(interfaces));
            });
  }

  private static String[] wireNames() {
    return Stream.of(ProvisionState.values()).map(ProvisionState::wireName).toArray(String[]::new);
  }

  /** Older versions know neither {@code available} nor {@code inspect wait}. */
  private static @Nullable Object provisionState(Node node, View view) {
    return switch (node.provisionState()) {
      case AVAILABLE -> view.version().atLeast(2) ? ProvisionState.AVAILABLE : null;
      case INSPECT_WAIT ->
          view.version().atLeast(39) ? ProvisionState.INSPECT_WAIT : ProvisionState.INSPECTING;
      default -> node.provisionState();
    };
  }

  private static @Nullable Object targetProvisionState(Node node, View view) {
    return node.targetProvisionState();
  }

  private static Field<Node> node(String name, FieldType type, int since, Mark... marks) {
    return field(name, type, since, marks);
  }
}
