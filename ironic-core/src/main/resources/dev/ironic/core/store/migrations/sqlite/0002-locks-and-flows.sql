-- Fenced locks, the journal of flows, and indexes for what the conductor asks often.

ALTER TABLE "nodes" ADD COLUMN "fence" INTEGER NOT NULL DEFAULT 0;

CREATE TABLE "flows" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "uuid" VARCHAR(36) NOT NULL,
  "node_id" INTEGER NOT NULL REFERENCES "nodes" ("id"),
  "kind" VARCHAR(32) NOT NULL,
  "state" VARCHAR(16) NOT NULL,
  "cursor" INTEGER NOT NULL,
  "steps" TEXT NOT NULL,
  "progress" TEXT,
  "context" TEXT NOT NULL,
  "request_id" VARCHAR(255),
  "user" VARCHAR(255),
  "project" VARCHAR(255),
  "conductor" VARCHAR(255),
  "started_at" TEXT NOT NULL,
  "ended_at" TEXT,
  "error" TEXT,
  CONSTRAINT "uniq_flows0uuid" UNIQUE ("uuid")
);

CREATE INDEX "flows_node_id_idx" ON "flows" ("node_id");
-- A node has at most one flow that lives.
CREATE UNIQUE INDEX "uniq_flows0living" ON "flows" ("node_id") WHERE "ended_at" IS NULL;

CREATE INDEX "ports_node_id_idx" ON "ports" ("node_id");
CREATE INDEX "ports_portgroup_id_idx" ON "ports" ("portgroup_id");
CREATE INDEX "portgroups_node_id_idx" ON "portgroups" ("node_id");
CREATE INDEX "volume_connectors_node_id_idx" ON "volume_connectors" ("node_id");
CREATE INDEX "volume_targets_node_id_idx" ON "volume_targets" ("node_id");
CREATE INDEX "allocations_node_id_idx" ON "allocations" ("node_id");
CREATE INDEX "nodes_allocation_id_idx" ON "nodes" ("allocation_id");
CREATE INDEX "nodes_chassis_id_idx" ON "nodes" ("chassis_id");
CREATE INDEX "nodes_conductor_affinity_idx" ON "nodes" ("conductor_affinity");
