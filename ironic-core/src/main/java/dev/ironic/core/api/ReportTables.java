package dev.ironic.core.api;

import static dev.ironic.core.api.Field.field;
import static dev.ironic.core.api.FieldType.BOOLEAN;
import static dev.ironic.core.api.FieldType.DATETIME;
import static dev.ironic.core.api.FieldType.INTEGER;
import static dev.ironic.core.api.FieldType.LINKS;
import static dev.ironic.core.api.FieldType.STRING;
import static dev.ironic.core.api.FieldType.STRINGS;
import static dev.ironic.core.api.FieldType.UUID;
import static dev.ironic.core.api.Mark.DETAIL;
import static dev.ironic.core.api.Mark.NULLABLE;
import static dev.ironic.core.api.Mark.UNSORTABLE;

import dev.ironic.core.model.BiosSetting;
import dev.ironic.core.model.FirmwareComponent;
import dev.ironic.core.model.HistoryEntry;
import java.util.List;
import java.util.Objects;

/** What is only read: conductors, firmware settings and versions, history. */
final class ReportTables {

  private static final RecordAccess<ConductorRow> CONDUCTOR_ACCESS =
      new RecordAccess<>(ConductorRow.class);

  static final Resource<ConductorRow> CONDUCTOR =
      new Resource<>(
          "conductors",
          CONDUCTOR_ACCESS,
          List.of("hostname", "conductor_group", "alive"),
          List.of(
              conductor("hostname", STRING, 49),
              conductor("conductor_group", STRING, 49).otherwise(""),
              conductor("alive", BOOLEAN, 49, UNSORTABLE),
              conductor("drivers", STRINGS, 49, UNSORTABLE),
              conductor("created_at", DATETIME, 49),
              conductor("updated_at", DATETIME, 49, NULLABLE),
              conductor("links", LINKS, 49)
                  .computed((r, v) -> v.links("conductors/" + r.hostname()))));

  private static final RecordAccess<BiosSetting> BIOS_SETTING_ACCESS =
      new RecordAccess<>(BiosSetting.class);

  static final Resource<BiosSetting> BIOS_SETTING =
      new Resource<>(
          "bios",
          BIOS_SETTING_ACCESS,
          List.of("name", "value", "created_at", "updated_at", "links"),
          List.of(
              bios("name", STRING, 40),
              bios("value", STRING, 40, NULLABLE),
              bios("created_at", DATETIME, 40),
              bios("updated_at", DATETIME, 40, NULLABLE),
              bios("links", LINKS, 40)
                  .computed((r, v) -> v.links("nodes/" + v.parent() + "/bios/" + r.name())),
              bios("attribute_type", STRING, 74, NULLABLE, DETAIL),
              bios("allowable_values", STRINGS, 74, DETAIL)
                  .shownAs((r, v) -> Objects.requireNonNullElse(r.allowableValues(), List.of())),
              bios("lower_bound", INTEGER, 74, NULLABLE, DETAIL),
              bios("upper_bound", INTEGER, 74, NULLABLE, DETAIL),
              bios("min_length", INTEGER, 74, NULLABLE, DETAIL),
              bios("max_length", INTEGER, 74, NULLABLE, DETAIL),
              bios("read_only", BOOLEAN, 74, NULLABLE, DETAIL),
              bios("reset_required", BOOLEAN, 74, NULLABLE, DETAIL),
              bios("unique", BOOLEAN, 74, NULLABLE, DETAIL).in("isUnique")));

  private static final RecordAccess<FirmwareComponent> FIRMWARE_COMPONENT_ACCESS =
      new RecordAccess<>(FirmwareComponent.class);

  static final Resource<FirmwareComponent> FIRMWARE_COMPONENT =
      new Resource<>(
          "firmware",
          FIRMWARE_COMPONENT_ACCESS,
          List.of(
              "component",
              "initial_version",
              "current_version",
              "last_version_flashed",
              "created_at",
              "updated_at",
              "vendor",
              "model",
              "serial_number"),
          List.of(
              firmware("component", STRING, 86),
              firmware("initial_version", STRING, 86, NULLABLE),
              firmware("current_version", STRING, 86, NULLABLE),
              firmware("last_version_flashed", STRING, 86, NULLABLE),
              firmware("created_at", DATETIME, 86),
              firmware("updated_at", DATETIME, 86, NULLABLE),
              firmware("vendor", STRING, 114, NULLABLE),
              firmware("model", STRING, 114, NULLABLE),
              firmware("serial_number", STRING, 114, NULLABLE)));

  private static final RecordAccess<HistoryEntry> HISTORY_EVENT_ACCESS =
      new RecordAccess<>(HistoryEntry.class);

  static final Resource<HistoryEntry> HISTORY_EVENT =
      new Resource<>(
          "history",
          HISTORY_EVENT_ACCESS,
          List.of("uuid", "created_at", "severity", "event", "links"),
          List.of(
              event("uuid", UUID, 78),
              event("created_at", DATETIME, 78),
              event("severity", STRING, 78),
              event("event", STRING, 78),
              event("links", LINKS, 78)
                  .computed((r, v) -> v.self("nodes/" + v.parent() + "/history/" + r.uuid())),
              event("event_type", STRING, 78, DETAIL),
              event("conductor", STRING, 78, NULLABLE, DETAIL),
              event("user", STRING, 78, NULLABLE, DETAIL),
              event("project", STRING, 113, NULLABLE, DETAIL),
              event("state", STRING, 115, NULLABLE, DETAIL),
              event("target_provision_state", STRING, 115, NULLABLE, DETAIL),
              event("duration_seconds", INTEGER, 115, NULLABLE, DETAIL)));

  private ReportTables() {}

  private static Field<ConductorRow> conductor(
      String name, FieldType type, int since, Mark... marks) {
    return field(name, type, since, marks);
  }

  private static Field<BiosSetting> bios(String name, FieldType type, int since, Mark... marks) {
    return field(name, type, since, marks);
  }

  private static Field<FirmwareComponent> firmware(
      String name, FieldType type, int since, Mark... marks) {
    return field(name, type, since, marks);
  }

  private static Field<HistoryEntry> event(String name, FieldType type, int since, Mark... marks) {
    return field(name, type, since, marks);
  }
}
