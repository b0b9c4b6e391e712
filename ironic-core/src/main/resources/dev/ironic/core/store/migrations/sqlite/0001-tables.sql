-- The tables of the service, as operators know them.

CREATE TABLE "allocations" (
  "created_at" TEXT,
  "updated_at" TEXT,
  "version" VARCHAR(15),
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "uuid" VARCHAR(36) NOT NULL,
  "name" VARCHAR(255),
  "node_id" INTEGER,
  "state" VARCHAR(15) NOT NULL,
  "owner" VARCHAR(255),
  "last_error" TEXT,
  "resource_class" VARCHAR(80),
  "traits" TEXT,
  "candidate_nodes" TEXT,
  "extra" TEXT,
  "conductor_affinity" INTEGER,
  CONSTRAINT "uniq_allocations0name" UNIQUE ("name"),
  CONSTRAINT "uniq_allocations0uuid" UNIQUE ("uuid")
);

CREATE TABLE "chassis" (
  "created_at" TEXT,
  "updated_at" TEXT,
  "version" VARCHAR(15),
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "uuid" VARCHAR(36),
  "extra" TEXT,
  "description" VARCHAR(255),
  CONSTRAINT "uniq_chassis0uuid" UNIQUE ("uuid")
);

CREATE TABLE "conductors" (
  "created_at" TEXT,
  "updated_at" TEXT,
  "version" VARCHAR(15),
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "hostname" VARCHAR(255) NOT NULL,
  "drivers" TEXT,
  "online" BOOLEAN,
  "conductor_group" VARCHAR(255) NOT NULL DEFAULT '',
  "rpc_address" VARCHAR(255),
  CONSTRAINT "uniq_conductors0hostname" UNIQUE ("hostname")
);

CREATE TABLE "deploy_templates" (
  "created_at" TEXT,
  "updated_at" TEXT,
  "version" VARCHAR(15),
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "uuid" VARCHAR(36),
  "name" VARCHAR(255) NOT NULL,
  "extra" TEXT,
  CONSTRAINT "uniq_deploytemplates0name" UNIQUE ("name"),
  CONSTRAINT "uniq_deploytemplates0uuid" UNIQUE ("uuid")
);

CREATE TABLE "inspection_rules" (
  "created_at" TEXT,
  "updated_at" TEXT,
  "version" VARCHAR(15),
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "uuid" VARCHAR(36) NOT NULL,
  "priority" INTEGER NOT NULL,
  "description" VARCHAR(255),
  "scope" VARCHAR(255),
  "sensitive" BOOLEAN,
  "phase" VARCHAR(16),
  "conditions" TEXT,
  "actions" TEXT NOT NULL,
  CONSTRAINT "uniq_inspection_rules0uuid" UNIQUE ("uuid")
);

CREATE INDEX "inspection_rule_phase_idx" ON "inspection_rules" ("phase");
CREATE INDEX "inspection_rule_scope_idx" ON "inspection_rules" ("scope");

CREATE TABLE "runbooks" (
  "created_at" TEXT,
  "updated_at" TEXT,
  "version" VARCHAR(15),
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "uuid" VARCHAR(36),
  "name" VARCHAR(255) NOT NULL,
  "description" VARCHAR(255),
  "public" BOOLEAN,
  "owner" VARCHAR(255),
  "disable_ramdisk" BOOLEAN,
  "extra" TEXT,
  CONSTRAINT "uniq_runbooks0name" UNIQUE ("name"),
  CONSTRAINT "uniq_runbooks0uuid" UNIQUE ("uuid")
);

CREATE TABLE "conductor_hardware_interfaces" (
  "created_at" TEXT,
  "updated_at" TEXT,
  "version" VARCHAR(15),
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "conductor_id" INTEGER NOT NULL REFERENCES "conductors" ("id"),
  "hardware_type" VARCHAR(255) NOT NULL,
  "interface_type" VARCHAR(16) NOT NULL,
  "interface_name" VARCHAR(255) NOT NULL,
  "default" BOOLEAN NOT NULL,
  CONSTRAINT "uniq_conductorhardwareinterfaces0" UNIQUE ("conductor_id", "hardware_type", "interface_type", "interface_name")
);

CREATE TABLE "deploy_template_steps" (
  "created_at" TEXT,
  "updated_at" TEXT,
  "version" VARCHAR(15),
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "deploy_template_id" INTEGER NOT NULL REFERENCES "deploy_templates" ("id"),
  "interface" VARCHAR(255) NOT NULL,
  "step" VARCHAR(255) NOT NULL,
  "args" TEXT NOT NULL,
  "priority" INTEGER NOT NULL
);

CREATE INDEX "deploy_template_steps_deploy_template_id_idx" ON "deploy_template_steps" ("deploy_template_id");
CREATE INDEX "deploy_template_steps_interface_idx" ON "deploy_template_steps" ("interface");
CREATE INDEX "deploy_template_steps_step_idx" ON "deploy_template_steps" ("step");

CREATE TABLE "nodes" (
  "created_at" TEXT,
  "updated_at" TEXT,
  "version" VARCHAR(15),
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "uuid" VARCHAR(36),
  "instance_uuid" VARCHAR(36),
  "instance_name" VARCHAR(255),
  "name" VARCHAR(255),
  "chassis_id" INTEGER REFERENCES "chassis" ("id"),
  "power_state" VARCHAR(15),
  "target_power_state" VARCHAR(15),
  "provision_state" VARCHAR(15),
  "target_provision_state" VARCHAR(15),
  "provision_updated_at" TEXT,
  "last_error" TEXT,
  "instance_info" TEXT,
  "properties" TEXT,
  "driver" VARCHAR(255),
  "driver_info" TEXT,
  "driver_internal_info" TEXT,
  "clean_step" TEXT,
  "deploy_step" TEXT,
  "resource_class" VARCHAR(80),
  "raid_config" TEXT,
  "target_raid_config" TEXT,
  "reservation" VARCHAR(255),
  "conductor_affinity" INTEGER REFERENCES "conductors" ("id"),
  "conductor_group" VARCHAR(255) NOT NULL DEFAULT '',
  "maintenance" BOOLEAN,
  "maintenance_reason" TEXT,
  "fault" VARCHAR(255),
  "console_enabled" BOOLEAN,
  "inspection_finished_at" TEXT,
  "inspection_started_at" TEXT,
  "extra" TEXT,
  "automated_clean" BOOLEAN,
  "protected" BOOLEAN NOT NULL DEFAULT 0,
  "protected_reason" TEXT,
  "owner" VARCHAR(255),
  "lessee" VARCHAR(255),
  "allocation_id" INTEGER REFERENCES "allocations" ("id"),
  "description" TEXT,
  "bios_interface" VARCHAR(255),
  "boot_interface" VARCHAR(255),
  "console_interface" VARCHAR(255),
  "deploy_interface" VARCHAR(255),
  "firmware_interface" VARCHAR(255),
  "inspect_interface" VARCHAR(255),
  "management_interface" VARCHAR(255),
  "network_interface" VARCHAR(255),
  "raid_interface" VARCHAR(255),
  "rescue_interface" VARCHAR(255),
  "retired" BOOLEAN DEFAULT 0,
  "retired_reason" TEXT,
  "network_data" TEXT,
  "storage_interface" VARCHAR(255),
  "power_interface" VARCHAR(255),
  "vendor_interface" VARCHAR(255),
  "boot_mode" VARCHAR(16),
  "secure_boot" BOOLEAN,
  "shard" VARCHAR(255),
  "parent_node" VARCHAR(36),
  "service_step" TEXT,
  "disable_power_off" BOOLEAN DEFAULT 0,
  "health" VARCHAR(32),
  CONSTRAINT "uniq_nodes0instance_uuid" UNIQUE ("instance_uuid"),
  CONSTRAINT "uniq_nodes0name" UNIQUE ("name"),
  CONSTRAINT "uniq_nodes0uuid" UNIQUE ("uuid")
);

CREATE INDEX "conductor_group_idx" ON "nodes" ("conductor_group");
CREATE INDEX "driver_idx" ON "nodes" ("driver");
CREATE INDEX "lessee_idx" ON "nodes" ("lessee");
CREATE INDEX "owner_idx" ON "nodes" ("owner");
CREATE INDEX "parent_node_idx" ON "nodes" ("parent_node");
CREATE INDEX "provision_state_idx" ON "nodes" ("provision_state");
CREATE INDEX "reservation_idx" ON "nodes" ("reservation");
CREATE INDEX "resource_class_idx" ON "nodes" ("resource_class");
CREATE INDEX "shard_idx" ON "nodes" ("shard");

CREATE TABLE "runbook_steps" (
  "created_at" TEXT,
  "updated_at" TEXT,
  "version" VARCHAR(15),
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "runbook_id" INTEGER NOT NULL REFERENCES "runbooks" ("id"),
  "interface" VARCHAR(255) NOT NULL,
  "step" VARCHAR(255) NOT NULL,
  "args" TEXT NOT NULL,
  "order" INTEGER NOT NULL
);

CREATE INDEX "runbook_steps_runbook_id_idx" ON "runbook_steps" ("runbook_id");
CREATE INDEX "runbook_steps_interface_idx" ON "runbook_steps" ("interface");
CREATE INDEX "runbook_steps_step_idx" ON "runbook_steps" ("step");

CREATE TABLE "runbook_traits" (
  "created_at" TEXT,
  "updated_at" TEXT,
  "version" VARCHAR(15),
  "runbook_id" INTEGER NOT NULL REFERENCES "runbooks" ("id"),
  "trait" VARCHAR(255) NOT NULL,
  PRIMARY KEY ("runbook_id", "trait")
);

CREATE INDEX "runbook_traits_idx" ON "runbook_traits" ("trait");

CREATE TABLE "bios_settings" (
  "created_at" TEXT,
  "updated_at" TEXT,
  "version" VARCHAR(15),
  "node_id" INTEGER NOT NULL REFERENCES "nodes" ("id"),
  "name" VARCHAR(255) NOT NULL,
  "value" TEXT,
  "attribute_type" VARCHAR(255),
  "allowable_values" TEXT,
  "lower_bound" INTEGER,
  "max_length" INTEGER,
  "min_length" INTEGER,
  "read_only" BOOLEAN,
  "reset_required" BOOLEAN,
  "unique" BOOLEAN,
  "upper_bound" INTEGER,
  PRIMARY KEY ("node_id", "name")
);

CREATE TABLE "firmware_information" (
  "created_at" TEXT,
  "updated_at" TEXT,
  "version" VARCHAR(15),
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "node_id" INTEGER NOT NULL REFERENCES "nodes" ("id"),
  "component" VARCHAR(255) NOT NULL,
  "initial_version" VARCHAR(255) NOT NULL,
  "current_version" VARCHAR(255),
  "last_version_flashed" VARCHAR(255),
  "vendor" VARCHAR(255),
  "model" VARCHAR(255),
  "serial_number" VARCHAR(255),
  CONSTRAINT "uniq_nodecomponent0node_id0component" UNIQUE ("node_id", "component")
);

CREATE TABLE "node_history" (
  "created_at" TEXT,
  "updated_at" TEXT,
  "version" VARCHAR(15),
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "uuid" VARCHAR(36) NOT NULL,
  "conductor" VARCHAR(255),
  "event_type" VARCHAR(255),
  "severity" VARCHAR(255),
  "event" TEXT,
  "user" VARCHAR(64),
  "project" VARCHAR(80),
  "node_id" INTEGER REFERENCES "nodes" ("id"),
  "state" VARCHAR(255),
  "target_provision_state" VARCHAR(255),
  "duration_seconds" INTEGER,
  CONSTRAINT "uniq_history0uuid" UNIQUE ("uuid")
);

CREATE INDEX "history_conductor_idx" ON "node_history" ("conductor");
CREATE INDEX "history_node_id_idx" ON "node_history" ("node_id");
CREATE INDEX "history_uuid_idx" ON "node_history" ("uuid");

CREATE TABLE "node_inventory" (
  "created_at" TEXT,
  "updated_at" TEXT,
  "version" VARCHAR(15),
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "inventory_data" TEXT,
  "plugin_data" TEXT,
  "node_id" INTEGER REFERENCES "nodes" ("id")
);

CREATE INDEX "inventory_node_id_idx" ON "node_inventory" ("node_id");

CREATE TABLE "node_tags" (
  "created_at" TEXT,
  "updated_at" TEXT,
  "version" VARCHAR(15),
  "node_id" INTEGER NOT NULL REFERENCES "nodes" ("id"),
  "tag" VARCHAR(255) NOT NULL,
  PRIMARY KEY ("node_id", "tag")
);

CREATE INDEX "node_tags_idx" ON "node_tags" ("tag");

CREATE TABLE "node_traits" (
  "created_at" TEXT,
  "updated_at" TEXT,
  "version" VARCHAR(15),
  "node_id" INTEGER NOT NULL REFERENCES "nodes" ("id"),
  "trait" VARCHAR(255) NOT NULL,
  PRIMARY KEY ("node_id", "trait")
);

CREATE INDEX "node_traits_idx" ON "node_traits" ("trait");

CREATE TABLE "portgroups" (
  "created_at" TEXT,
  "updated_at" TEXT,
  "version" VARCHAR(15),
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "uuid" VARCHAR(36),
  "name" VARCHAR(255),
  "node_id" INTEGER REFERENCES "nodes" ("id"),
  "address" VARCHAR(18),
  "extra" TEXT,
  "internal_info" TEXT,
  "standalone_ports_supported" BOOLEAN,
  "mode" VARCHAR(255),
  "properties" TEXT,
  "physical_network" VARCHAR(64),
  "category" VARCHAR(80),
  "dynamic_portgroup" BOOLEAN,
  CONSTRAINT "uniq_portgroups0address" UNIQUE ("address"),
  CONSTRAINT "uniq_portgroups0name" UNIQUE ("name"),
  CONSTRAINT "uniq_portgroups0uuid" UNIQUE ("uuid")
);

CREATE TABLE "volume_connectors" (
  "created_at" TEXT,
  "updated_at" TEXT,
  "version" VARCHAR(15),
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "uuid" VARCHAR(36),
  "node_id" INTEGER REFERENCES "nodes" ("id"),
  "type" VARCHAR(32),
  "connector_id" VARCHAR(255),
  "extra" TEXT,
  CONSTRAINT "uniq_volumeconnectors0type0connector_id" UNIQUE ("type", "connector_id"),
  CONSTRAINT "uniq_volumeconnectors0uuid" UNIQUE ("uuid")
);

CREATE TABLE "volume_targets" (
  "created_at" TEXT,
  "updated_at" TEXT,
  "version" VARCHAR(15),
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "uuid" VARCHAR(36),
  "node_id" INTEGER REFERENCES "nodes" ("id"),
  "volume_type" VARCHAR(64),
  "properties" TEXT,
  "boot_index" INTEGER,
  "volume_id" VARCHAR(36),
  "extra" TEXT,
  CONSTRAINT "uniq_volumetargets0node_id0boot_index" UNIQUE ("node_id", "boot_index"),
  CONSTRAINT "uniq_volumetargets0uuid" UNIQUE ("uuid")
);

CREATE TABLE "ports" (
  "created_at" TEXT,
  "updated_at" TEXT,
  "version" VARCHAR(15),
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "uuid" VARCHAR(36),
  "address" VARCHAR(18),
  "node_id" INTEGER REFERENCES "nodes" ("id"),
  "extra" TEXT,
  "local_link_connection" TEXT,
  "portgroup_id" INTEGER REFERENCES "portgroups" ("id"),
  "pxe_enabled" BOOLEAN,
  "internal_info" TEXT,
  "physical_network" VARCHAR(64),
  "is_smartnic" BOOLEAN,
  "name" VARCHAR(255),
  "description" VARCHAR(255),
  "vendor" VARCHAR(32),
  "category" VARCHAR(80),
  "available_for_dynamic_portgroup" BOOLEAN NOT NULL DEFAULT 1,
  CONSTRAINT "uniq_ports0address" UNIQUE ("address"),
  CONSTRAINT "uniq_ports0name" UNIQUE ("name"),
  CONSTRAINT "uniq_ports0uuid" UNIQUE ("uuid")
);
