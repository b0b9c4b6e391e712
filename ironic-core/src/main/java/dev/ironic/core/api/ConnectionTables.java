package dev.ironic.core.api;

import static dev.ironic.core.api.Field.field;
import static dev.ironic.core.api.FieldType.BOOLEAN;
import static dev.ironic.core.api.FieldType.DATETIME;
import static dev.ironic.core.api.FieldType.INTEGER;
import static dev.ironic.core.api.FieldType.LINKS;
import static dev.ironic.core.api.FieldType.MAC;
import static dev.ironic.core.api.FieldType.OBJECT;
import static dev.ironic.core.api.FieldType.STRING;
import static dev.ironic.core.api.FieldType.UUID;
import static dev.ironic.core.api.Mark.CREATE;
import static dev.ironic.core.api.Mark.KEPT;
import static dev.ironic.core.api.Mark.NULLABLE;
import static dev.ironic.core.api.Mark.PARTS_GATED;
import static dev.ironic.core.api.Mark.PATCH;
import static dev.ironic.core.api.Mark.PATCH_UNGATED;
import static dev.ironic.core.api.Mark.REMOVAL_GATED;
import static dev.ironic.core.api.Mark.REQUIRED;
import static dev.ironic.core.api.Mark.UNSORTABLE;

import dev.ironic.core.model.Port;
import dev.ironic.core.model.Portgroup;
import dev.ironic.core.model.VolumeConnector;
import dev.ironic.core.model.VolumeTarget;
import java.util.List;

/** How machines are wired: ports, port groups, and the volumes they boot from. */
final class ConnectionTables {

  private static final RecordAccess<Port> PORT_ACCESS = new RecordAccess<>(Port.class);

  static final Resource<Port> PORT =
      new Resource<>(
          "ports",
          PORT_ACCESS,
          List.of("uuid", "address"),
          List.of(
              port("uuid", UUID, 1, CREATE),
              port("created_at", DATETIME, 1),
              port("updated_at", DATETIME, 1, NULLABLE),
              port("address", MAC, 1, CREATE, REQUIRED, PATCH),
              port("available_for_dynamic_portgroup", BOOLEAN, 111, CREATE, PATCH, PATCH_UNGATED)
                  .otherwise(true),
              port("category", STRING, 101, NULLABLE, CREATE, PATCH, PATCH_UNGATED).max(80),
              port("description", STRING, 97, NULLABLE, CREATE, PATCH, PATCH_UNGATED).max(255),
              port("extra", OBJECT, 1, CREATE, PATCH, UNSORTABLE),
              port("internal_info", OBJECT, 18, UNSORTABLE),
              port("is_smartnic", BOOLEAN, 53, CREATE, PATCH, REMOVAL_GATED),
              port("links", LINKS, 1).computed((r, v) -> v.links("ports/" + r.uuid())),
              port("local_link_connection", OBJECT, 19, CREATE, PATCH, REMOVAL_GATED, UNSORTABLE),
              port("name", STRING, 88, NULLABLE, CREATE, PATCH, PATCH_UNGATED),
              port("node_uuid", UUID, 1, CREATE, PATCH, KEPT, UNSORTABLE),
              port("physical_network", STRING, 34, NULLABLE, CREATE, PATCH, REMOVAL_GATED).max(64),
              port("portgroup_uuid", UUID, 24, NULLABLE, CREATE, PATCH, REMOVAL_GATED, UNSORTABLE),
              port("pxe_enabled", BOOLEAN, 19, CREATE, PATCH, REMOVAL_GATED).otherwise(true),
              port("vendor", STRING, 100, NULLABLE, CREATE, PATCH, PATCH_UNGATED).max(32)));

  private static final RecordAccess<Portgroup> PORTGROUP_ACCESS =
      new RecordAccess<>(Portgroup.class);

  static final Resource<Portgroup> PORTGROUP =
      new Resource<>(
          "portgroups",
          PORTGROUP_ACCESS,
          List.of("uuid", "address", "name"),
          List.of(
              portgroup("uuid", UUID, 23, CREATE),
              portgroup("created_at", DATETIME, 23),
              portgroup("updated_at", DATETIME, 23, NULLABLE),
              portgroup("address", MAC, 23, NULLABLE, CREATE, PATCH),
              portgroup("category", STRING, 103, NULLABLE, CREATE, PATCH).max(80),
              portgroup("dynamic_portgroup", BOOLEAN, 111),
              portgroup("extra", OBJECT, 23, CREATE, PATCH, UNSORTABLE),
              portgroup("internal_info", OBJECT, 23, UNSORTABLE),
              portgroup("links", LINKS, 23).computed((r, v) -> v.links("portgroups/" + r.uuid())),
              portgroup("mode", STRING, 26, CREATE, PATCH, REMOVAL_GATED, PARTS_GATED),
              portgroup("name", STRING, 23, NULLABLE, CREATE, PATCH).max(255),
              portgroup("node_uuid", UUID, 23, CREATE, REQUIRED, PATCH, KEPT, UNSORTABLE),
              portgroup("physical_network", STRING, 102, NULLABLE, CREATE, PATCH).max(64),
              portgroup("ports", LINKS, 23)
                  .computed((p, v) -> v.links("portgroups/" + p.uuid() + "/ports")),
              portgroup(
                  "properties", OBJECT, 26, CREATE, PATCH, REMOVAL_GATED, PARTS_GATED, UNSORTABLE),
              portgroup("standalone_ports_supported", BOOLEAN, 23, CREATE, PATCH).otherwise(true)));

  private static final RecordAccess<VolumeConnector> VOLUME_CONNECTOR_ACCESS =
      new RecordAccess<>(VolumeConnector.class);

  static final Resource<VolumeConnector> VOLUME_CONNECTOR =
      new Resource<>(
          "connectors",
          VOLUME_CONNECTOR_ACCESS,
          List.of("uuid", "node_uuid", "type", "connector_id"),
          List.of(
              connector("uuid", UUID, 32, CREATE),
              connector("created_at", DATETIME, 32),
              connector("updated_at", DATETIME, 32, NULLABLE),
              connector("connector_id", STRING, 32, CREATE, REQUIRED, PATCH),
              connector("extra", OBJECT, 32, CREATE, PATCH, UNSORTABLE),
              connector("links", LINKS, 32)
                  .computed((r, v) -> v.links("volume/connectors/" + r.uuid())),
              connector("node_uuid", UUID, 32, CREATE, REQUIRED, PATCH, KEPT, UNSORTABLE),
              connector("type", STRING, 32, CREATE, REQUIRED, PATCH)));

  private static final RecordAccess<VolumeTarget> VOLUME_TARGET_ACCESS =
      new RecordAccess<>(VolumeTarget.class);

  static final Resource<VolumeTarget> VOLUME_TARGET =
      new Resource<>(
          "targets",
          VOLUME_TARGET_ACCESS,
          List.of("uuid", "node_uuid", "volume_type", "boot_index", "volume_id"),
          List.of(
              target("uuid", UUID, 32, CREATE),
              target("created_at", DATETIME, 32),
              target("updated_at", DATETIME, 32, NULLABLE),
              target("boot_index", INTEGER, 32, CREATE, REQUIRED, PATCH),
              target("extra", OBJECT, 32, CREATE, PATCH, UNSORTABLE),
              target("links", LINKS, 32).computed((r, v) -> v.links("volume/targets/" + r.uuid())),
              target("node_uuid", UUID, 32, CREATE, REQUIRED, PATCH, KEPT, UNSORTABLE),
              target("properties", OBJECT, 32, CREATE, PATCH, UNSORTABLE)
                  .masked(VOLUME_TARGET_ACCESS),
              target("volume_id", STRING, 32, CREATE, REQUIRED, PATCH),
              target("volume_type", STRING, 32, CREATE, REQUIRED, PATCH)));

  private ConnectionTables() {}

  /** A new port is judged by the names that come with it, whatever they hold. */
  private static Field<Port> port(String name, FieldType type, int since, Mark... marks) {
    return Field.<Port>field(name, type, since, marks).also(Mark.NULL_GATED);
  }

  private static Field<Portgroup> portgroup(String name, FieldType type, int since, Mark... marks) {
    return field(name, type, since, marks);
  }

  private static Field<VolumeConnector> connector(
      String name, FieldType type, int since, Mark... marks) {
    return field(name, type, since, marks);
  }

  private static Field<VolumeTarget> target(String name, FieldType type, int since, Mark... marks) {
    return field(name, type, since, marks);
  }
}
