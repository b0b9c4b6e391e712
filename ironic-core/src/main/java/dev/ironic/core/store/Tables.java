package dev.ironic.core.store;

import dev.ironic.core.Fault;
import dev.ironic.core.model.Allocation;
import dev.ironic.core.model.BiosSetting;
import dev.ironic.core.model.Chassis;
import dev.ironic.core.model.ConductorInterface;
import dev.ironic.core.model.ConductorRecord;
import dev.ironic.core.model.DeployTemplate;
import dev.ironic.core.model.FirmwareComponent;
import dev.ironic.core.model.Flow;
import dev.ironic.core.model.HistoryEntry;
import dev.ironic.core.model.InspectionRule;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.NodeInventory;
import dev.ironic.core.model.Port;
import dev.ironic.core.model.Portgroup;
import dev.ironic.core.model.Runbook;
import dev.ironic.core.model.VolumeConnector;
import dev.ironic.core.model.VolumeTarget;
import java.util.List;

/** The tables: which component stands in which column. */
final class Tables {

  static final Table<Node> NODES =
      Table.of("nodes", Node.class)
          .version("1.44")
          .missing(Fault.NODE_NOT_FOUND, "Node %s could not be found.")
          .identifiedBy("uuid", "name")
          .unique(
              Unique.of("uniq_nodes0uuid", "uuid", "A node with UUID %s already exists.", "uuid"))
          .unique(
              Unique.of("uniq_nodes0name", "name", "A node with name %s already exists.", "name"))
          .unique(
              new Unique(
                  "uniq_nodes0instance_uuid",
                  List.of("instance_uuid"),
                  Fault.INSTANCE_ASSOCIATED,
                  "Instance %s is already associated with a node, it cannot be associated with"
                      + " this other node %s.",
                  List.of("instanceUuid", "uuid")))
          .id()
          .uuid()
          .times()
          .name("name", "driver")
          .text("instanceUuid", 36)
          .name("instanceName")
          .number("chassisId")
          .stored("provisionState", Codec.PROVISION_STATE, 0)
          .stored("targetProvisionState", Codec.PROVISION_STATE, 0)
          .time("provisionUpdatedAt")
          .stored("powerState", Codec.POWER_STATE, 0)
          .stored("targetPowerState", Codec.POWER_STATE, 0)
          .longText("lastError")
          .name("reservation")
          .number("fence")
          .number("conductorAffinity")
          .name("conductorGroup")
          .flag("maintenance")
          .longText("maintenanceReason")
          .name("fault")
          .flag("consoleEnabled")
          .add(new Column.Interfaces("interfaces"))
          .json("driverInfo", "driverInternalInfo", "instanceInfo", "properties", "extra")
          .json("networkData", "cleanStep", "deployStep", "serviceStep")
          .json("raidConfig", "targetRaidConfig")
          .text("resourceClass", 80)
          .time("inspectionStartedAt")
          .time("inspectionFinishedAt")
          .flag("automatedClean")
          .add(new Column.Stored("isProtected", "protected", Codec.BOOLEAN, 0))
          .longText("protectedReason")
          .name("owner", "lessee")
          .number("allocationId")
          .longText("description")
          .flag("retired")
          .longText("retiredReason")
          .text("bootMode", 16)
          .flag("secureBoot")
          .name("shard")
          .text("parentNode", 36)
          .flag("disablePowerOff")
          .text("health", 32)
          .add(new Column.Gathered("traits", "node_traits", "node_id", "trait"))
          .build();

  static final Table<Port> PORTS =
      Table.of("ports", Port.class)
          .version("1.16")
          .missing(Fault.NOT_FOUND, "Port %s could not be found.")
          .identifiedBy("uuid", "name")
          .unique(
              Unique.of(
                  "uniq_ports0address",
                  "address",
                  "A port with MAC address %s already exists.",
                  "address"))
          .unique(
              Unique.of("uniq_ports0uuid", "uuid", "A port with UUID %s already exists.", "uuid"))
          .unique(
              Unique.of("uniq_ports0name", "name", "A port with name %s already exists.", "name"))
          .id()
          .uuid()
          .times()
          .text("address", 18)
          .number("nodeId")
          .joined("nodeUuid", "node_id", "nodes")
          .number("portgroupId")
          .joined("portgroupUuid", "portgroup_id", "portgroups")
          .name("name", "description")
          .text("vendor", 32)
          .text("category", 80)
          .flag("pxeEnabled")
          .flag("isSmartnic")
          .text("physicalNetwork", 64)
          .flag("availableForDynamicPortgroup")
          .json("localLinkConnection", "internalInfo", "extra")
          .build();

  static final Table<Portgroup> PORTGROUPS =
      Table.of("portgroups", Portgroup.class)
          .version("1.9")
          .missing(Fault.NOT_FOUND, "Portgroup %s could not be found.")
          .identifiedBy("uuid", "name")
          .unique(
              Unique.of(
                  "uniq_portgroups0address",
                  "address",
                  "A portgroup with MAC address %s already exists.",
                  "address"))
          .unique(
              Unique.of(
                  "uniq_portgroups0uuid",
                  "uuid",
                  "A portgroup with UUID %s already exists.",
                  "uuid"))
          .unique(
              Unique.of(
                  "uniq_portgroups0name",
                  "name",
                  "A portgroup with name %s already exists.",
                  "name"))
          .id()
          .uuid()
          .times()
          .name("name")
          .text("address", 18)
          .number("nodeId")
          .joined("nodeUuid", "node_id", "nodes")
          .name("mode")
          .flag("standalonePortsSupported")
          .text("physicalNetwork", 64)
          .text("category", 80)
          .flag("dynamicPortgroup")
          .json("properties", "internalInfo", "extra")
          .build();

  static final Table<Chassis> CHASSIS =
      Table.of("chassis", Chassis.class)
          .version("1.4")
          .missing(Fault.NOT_FOUND, "Chassis %s could not be found.")
          .identifiedBy("uuid")
          .unique(
              Unique.of(
                  "uniq_chassis0uuid", "uuid", "A chassis with UUID %s already exists.", "uuid"))
          .id()
          .uuid()
          .times()
          .name("description")
          .json("extra")
          .build();

  static final Table<Allocation> ALLOCATIONS =
      Table.of("allocations", Allocation.class)
          .version("1.3")
          .missing(Fault.NOT_FOUND, "Allocation %s could not be found.")
          .identifiedBy("uuid", "name")
          .unique(
              Unique.of(
                  "uniq_allocations0uuid",
                  "uuid",
                  "An allocation with UUID %s already exists.",
                  "uuid"))
          .unique(
              Unique.of(
                  "uniq_allocations0name",
                  "name",
                  "An allocation with name %s already exists.",
                  "name"))
          .id()
          .uuid()
          .times()
          .name("name")
          .number("nodeId")
          .joined("nodeUuid", "node_id", "nodes")
          .text("state", 15)
          .name("owner")
          .longText("lastError")
          .text("resourceClass", 80)
          .list("traits")
          .list("candidateNodes")
          .number("conductorAffinity")
          .json("extra")
          .build();

  static final Table<ConductorRecord> CONDUCTORS =
      Table.of("conductors", ConductorRecord.class)
          .version("1.6")
          .missing(Fault.NOT_FOUND, "Conductor %s could not be found.")
          .identifiedBy("hostname")
          .unique(
              Unique.of(
                  "uniq_conductors0hostname",
                  "hostname",
                  "Conductor %s is already registered.",
                  "hostname"))
          .id()
          .times()
          .name("hostname")
          .list("drivers")
          .flag("online")
          .name("conductorGroup")
          .name("incarnation")
          .name("rpcAddress")
          .build();

  static final Table<ConductorInterface> CONDUCTOR_INTERFACES =
      Table.of("conductor_hardware_interfaces", ConductorInterface.class)
          .id()
          .times()
          .number("conductorId")
          .name("hardwareType")
          .text("interfaceType", 16)
          .name("interfaceName")
          .add(new Column.Stored("isDefault", "default", Codec.BOOLEAN, 0))
          .build();

  static final Table<DeployTemplate> DEPLOY_TEMPLATES =
      Table.of("deploy_templates", DeployTemplate.class)
          .version("1.2")
          .missing(Fault.NOT_FOUND, "Deploy template %s could not be found.")
          .identifiedBy("uuid", "name")
          .unique(
              Unique.of(
                  "uniq_deploytemplates0uuid",
                  "uuid",
                  "A deploy template with UUID %s already exists.",
                  "uuid"))
          .unique(
              Unique.of(
                  "uniq_deploytemplates0name",
                  "name",
                  "A deploy template with name %s already exists.",
                  "name"))
          .id()
          .uuid()
          .times()
          .name("name")
          .add(new Column.Elsewhere("steps"))
          .json("extra")
          .build();

  static final Table<Runbook> RUNBOOKS =
      Table.of("runbooks", Runbook.class)
          .version("1.2")
          .missing(Fault.NOT_FOUND, "Runbook %s could not be found.")
          .identifiedBy("uuid", "name")
          .unique(
              Unique.of(
                  "uniq_runbooks0uuid", "uuid", "A runbook with UUID %s already exists.", "uuid"))
          .unique(
              Unique.of(
                  "uniq_runbooks0name", "name", "A runbook with name %s already exists.", "name"))
          .id()
          .uuid()
          .times()
          .name("name", "description")
          .add(new Column.Stored("isPublic", "public", Codec.BOOLEAN, 0))
          .name("owner")
          .flag("disableRamdisk")
          .add(new Column.Elsewhere("steps"))
          .add(new Column.Elsewhere("traits"))
          .json("extra")
          .build();

  static final Table<InspectionRule> INSPECTION_RULES =
      Table.of("inspection_rules", InspectionRule.class)
          .version("1.1")
          .missing(Fault.NOT_FOUND, "Inspection rule %s could not be found.")
          .identifiedBy("uuid")
          .unique(
              Unique.of(
                  "uniq_inspection_rules0uuid",
                  "uuid",
                  "An inspection rule with UUID %s already exists.",
                  "uuid"))
          .id()
          .uuid()
          .times()
          .integer("priority")
          .name("description", "scope")
          .flag("sensitive")
          .text("phase", 16)
          .list("conditions")
          .list("actions")
          .build();

  static final Table<VolumeConnector> VOLUME_CONNECTORS =
      Table.of("volume_connectors", VolumeConnector.class)
          .version("1.1")
          .missing(Fault.NOT_FOUND, "Volume connector %s could not be found.")
          .identifiedBy("uuid")
          .unique(
              Unique.of(
                  "uniq_volumeconnectors0uuid",
                  "uuid",
                  "A volume connector with UUID %s already exists.",
                  "uuid"))
          .unique(
              new Unique(
                  "uniq_volumeconnectors0type0connector_id",
                  List.of("type", "connector_id"),
                  Fault.ALREADY_EXISTS,
                  "A volume connector with type %s and connector ID %s already exists.",
                  List.of("type", "connectorId")))
          .id()
          .uuid()
          .times()
          .number("nodeId")
          .joined("nodeUuid", "node_id", "nodes")
          .text("type", 32)
          .name("connectorId")
          .json("extra")
          .build();

  static final Table<VolumeTarget> VOLUME_TARGETS =
      Table.of("volume_targets", VolumeTarget.class)
          .version("1.1")
          .missing(Fault.NOT_FOUND, "Volume target %s could not be found.")
          .identifiedBy("uuid")
          .unique(
              Unique.of(
                  "uniq_volumetargets0uuid",
                  "uuid",
                  "A volume target with UUID %s already exists.",
                  "uuid"))
          .unique(
              new Unique(
                  "uniq_volumetargets0node_id0boot_index",
                  List.of("node_id", "boot_index"),
                  Fault.ALREADY_EXISTS,
                  "A volume target with boot index '%s' for the same node already exists.",
                  List.of("bootIndex")))
          .id()
          .uuid()
          .times()
          .number("nodeId")
          .joined("nodeUuid", "node_id", "nodes")
          .text("volumeType", 64)
          .json("properties")
          .integer("bootIndex")
          .text("volumeId", 36)
          .json("extra")
          .build();

  static final Table<HistoryEntry> HISTORY =
      Table.of("node_history", HistoryEntry.class)
          .version("1.3")
          .missing(Fault.NOT_FOUND, "Node history record %s could not be found.")
          .identifiedBy("uuid")
          .id()
          .uuid()
          .times()
          .number("nodeId")
          .name("conductor", "eventType", "severity")
          .longText("event")
          .text("user", 64)
          .text("project", 80)
          .name("state", "targetProvisionState")
          .number("durationSeconds")
          .build();

  static final Table<NodeInventory> INVENTORY =
      Table.of("node_inventory", NodeInventory.class)
          .version("1.1")
          .id()
          .times()
          .number("nodeId")
          .json("inventoryData", "pluginData")
          .build();

  static final Table<BiosSetting> BIOS_SETTINGS =
      Table.of("bios_settings", BiosSetting.class)
          .version("1.2")
          .times()
          .number("nodeId")
          .name("name")
          .longText("value")
          .name("attributeType")
          .stored("allowableValues", Codec.NULLABLE_JSON_ARRAY, 0)
          .number("lowerBound")
          .number("upperBound")
          .integer("minLength")
          .integer("maxLength")
          .flag("readOnly")
          .flag("resetRequired")
          .add(new Column.Stored("isUnique", "unique", Codec.BOOLEAN, 0))
          .build();

  static final Table<FirmwareComponent> FIRMWARE =
      Table.of("firmware_information", FirmwareComponent.class)
          .version("1.2")
          .id()
          .times()
          .number("nodeId")
          .name("component", "initialVersion", "currentVersion", "lastVersionFlashed")
          .name("vendor", "model", "serialNumber")
          .build();

  static final Table<Flow> FLOWS =
      Table.of("flows", Flow.class)
          .missing(Fault.NOT_FOUND, "Flow %s could not be found.")
          .identifiedBy("uuid")
          .id()
          .uuid()
          .number("nodeId")
          .stored("kind", Codec.FLOW_KIND, 0)
          .stored("state", Codec.FLOW_STATE, 0)
          .integer("cursor")
          .stored("steps", Codec.FLOW_STEPS, 0)
          .json("context")
          .name("requestId", "user", "project", "conductor")
          .time("startedAt")
          .time("endedAt")
          .longText("error")
          .build();

  private Tables() {}
}
