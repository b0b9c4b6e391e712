package dev.ironic.core.api;

import static dev.ironic.core.api.Field.field;
import static dev.ironic.core.api.FieldType.BOOLEAN;
import static dev.ironic.core.api.FieldType.DATETIME;
import static dev.ironic.core.api.FieldType.INTEGER;
import static dev.ironic.core.api.FieldType.LINKS;
import static dev.ironic.core.api.FieldType.OBJECT;
import static dev.ironic.core.api.FieldType.OBJECTS;
import static dev.ironic.core.api.FieldType.STRING;
import static dev.ironic.core.api.FieldType.STRINGS;
import static dev.ironic.core.api.FieldType.UUID;
import static dev.ironic.core.api.Mark.CREATE;
import static dev.ironic.core.api.Mark.NULLABLE;
import static dev.ironic.core.api.Mark.PATCH;
import static dev.ironic.core.api.Mark.REQUIRED;
import static dev.ironic.core.api.Mark.UNKNOWN_BELOW;
import static dev.ironic.core.api.Mark.UNSORTABLE;

import dev.ironic.core.inspection.rules.RuleCheck;
import dev.ironic.core.model.Allocation;
import dev.ironic.core.model.Chassis;
import dev.ironic.core.model.DeployTemplate;
import dev.ironic.core.model.InspectionRule;
import dev.ironic.core.model.Runbook;
import java.util.List;

/** What operators keep: chassis, allocations, templates, runbooks, rules. */
final class CatalogueTables {

  private static final RecordAccess<Chassis> CHASSIS_ACCESS = new RecordAccess<>(Chassis.class);

  static final Resource<Chassis> CHASSIS =
      new Resource<>(
          "chassis",
          CHASSIS_ACCESS,
          List.of("uuid", "description"),
          List.of(
              chassis("uuid", UUID, 1, CREATE),
              chassis("created_at", DATETIME, 1),
              chassis("updated_at", DATETIME, 1, NULLABLE),
              chassis("description", STRING, 1, NULLABLE, CREATE, PATCH).max(255),
              chassis("extra", OBJECT, 1, CREATE, PATCH, UNSORTABLE),
              chassis("links", LINKS, 1).computed((r, v) -> v.links("chassis/" + r.uuid())),
              chassis("nodes", LINKS, 1)
                  .computed((c, v) -> List.of(v.links("chassis/" + c.uuid() + "/nodes")))));

  private static final RecordAccess<Allocation> ALLOCATION_ACCESS =
      new RecordAccess<>(Allocation.class);

  static final Resource<Allocation> ALLOCATION =
      new Resource<>(
          "allocations",
          ALLOCATION_ACCESS,
          List.of(
              "uuid",
              "created_at",
              "updated_at",
              "candidate_nodes",
              "extra",
              "last_error",
              "links",
              "name",
              "node_uuid",
              "owner",
              "resource_class",
              "state",
              "traits"),
          List.of(
              allocation("uuid", UUID, 52, CREATE),
              allocation("created_at", DATETIME, 52),
              allocation("updated_at", DATETIME, 52, NULLABLE),
              allocation("candidate_nodes", STRINGS, 52, CREATE, UNSORTABLE),
              allocation("extra", OBJECT, 52, CREATE, PATCH, UNSORTABLE),
              allocation("last_error", STRING, 52, NULLABLE),
              allocation("links", LINKS, 52).computed((r, v) -> v.links("allocations/" + r.uuid())),
              allocation("name", STRING, 52, NULLABLE, CREATE, PATCH),
              allocation("node_uuid", UUID, 52, NULLABLE),
              allocation("owner", STRING, 60, NULLABLE, CREATE),
              allocation("resource_class", STRING, 52, NULLABLE, CREATE).max(80),
              allocation("state", STRING, 52),
              allocation("traits", STRINGS, 52, CREATE, UNSORTABLE)));

  private static final RecordAccess<DeployTemplate> DEPLOY_TEMPLATE_ACCESS =
      new RecordAccess<>(DeployTemplate.class);

  static final Resource<DeployTemplate> DEPLOY_TEMPLATE =
      new Resource<>(
          "deploy_templates",
          DEPLOY_TEMPLATE_ACCESS,
          List.of("uuid", "name"),
          List.of(
              template("uuid", UUID, 55, CREATE),
              template("created_at", DATETIME, 55),
              template("updated_at", DATETIME, 55, NULLABLE),
              template("extra", OBJECT, 55, CREATE, PATCH, UNSORTABLE),
              template("links", LINKS, 55)
                  .computed((r, v) -> v.links("deploy_templates/" + r.uuid())),
              template("name", STRING, 55, CREATE, REQUIRED, PATCH),
              template("steps", OBJECTS, 55, CREATE, REQUIRED, PATCH, UNSORTABLE)
                  .shownAs((t, v) -> Steps.shown(t.steps()))
                  .setBy((t, value) -> t.with(b -> b.steps(Steps.templateSteps(value))))));

  private static final RecordAccess<Runbook> RUNBOOK_ACCESS = new RecordAccess<>(Runbook.class);

  static final Resource<Runbook> RUNBOOK =
      new Resource<>(
          "runbooks",
          RUNBOOK_ACCESS,
          List.of("uuid", "name"),
          List.of(
              runbook("uuid", UUID, 92, CREATE),
              runbook("created_at", DATETIME, 92),
              runbook("updated_at", DATETIME, 92, NULLABLE),
              runbook("description", STRING, 112, NULLABLE, CREATE, PATCH, UNKNOWN_BELOW).max(255),
              runbook("disable_ramdisk", BOOLEAN, 92, CREATE, PATCH),
              runbook("extra", OBJECT, 92, CREATE, PATCH, UNSORTABLE),
              runbook("links", LINKS, 92).computed((r, v) -> v.links("runbooks/" + r.uuid())),
              runbook("name", STRING, 92, CREATE, REQUIRED, PATCH),
              runbook("owner", STRING, 92, NULLABLE, CREATE, PATCH).max(255),
              runbook("public", BOOLEAN, 92, CREATE, PATCH).in("isPublic"),
              runbook("steps", OBJECTS, 92, CREATE, REQUIRED, PATCH, UNSORTABLE)
                  .shownAs((r, v) -> Steps.shownOrdered(r.steps()))
                  .setBy((r, value) -> r.with(b -> b.steps(Steps.runbookSteps(value)))),
              runbook("traits", STRINGS, 112, UNSORTABLE)));

  private static final RecordAccess<InspectionRule> INSPECTION_RULE_ACCESS =
      new RecordAccess<>(InspectionRule.class);

  static final Resource<InspectionRule> INSPECTION_RULE =
      new Resource<>(
          "inspection_rules",
          INSPECTION_RULE_ACCESS,
          List.of("uuid", "priority", "phase", "description"),
          List.of(
              rule("uuid", UUID, 96, CREATE),
              rule("created_at", DATETIME, 96),
              rule("updated_at", DATETIME, 96, NULLABLE),
              rule("actions", OBJECTS, 96, NULLABLE, CREATE, REQUIRED, PATCH, UNSORTABLE)
                  .shownAs((r, v) -> r.sensitive() ? null : RuleCheck.shownActions(r)),
              rule("conditions", OBJECTS, 96, NULLABLE, CREATE, PATCH, UNSORTABLE)
                  .shownAs((r, v) -> r.sensitive() ? null : r.conditions()),
              rule("description", STRING, 96, NULLABLE, CREATE, PATCH).max(255),
              rule("links", LINKS, 96).computed((r, v) -> v.links("inspection_rules/" + r.uuid())),
              rule("phase", STRING, 96, NULLABLE, CREATE, PATCH)
                  .max(16)
                  .oneOf("main")
                  .otherwise("main"),
              rule("priority", INTEGER, 96, CREATE, PATCH),
              rule("sensitive", BOOLEAN, 96, CREATE, PATCH)));

  private CatalogueTables() {}

  private static Field<Chassis> chassis(String name, FieldType type, int since, Mark... marks) {
    return field(name, type, since, marks);
  }

  private static Field<Allocation> allocation(
      String name, FieldType type, int since, Mark... marks) {
    return field(name, type, since, marks);
  }

  private static Field<DeployTemplate> template(
      String name, FieldType type, int since, Mark... marks) {
    return field(name, type, since, marks);
  }

  private static Field<Runbook> runbook(String name, FieldType type, int since, Mark... marks) {
    return field(name, type, since, marks);
  }

  private static Field<InspectionRule> rule(String name, FieldType type, int since, Mark... marks) {
    return field(name, type, since, marks);
  }
}
