-- Who holds a node's lock is in "reservation"; since when and what for is told to operators.
ALTER TABLE "nodes" ADD COLUMN "reserved_at" timestamptz;
ALTER TABLE "nodes" ADD COLUMN "reserved_for" varchar(255);

-- Which process has registered: two of the same name must not both work.
ALTER TABLE "conductors" ADD COLUMN "incarnation" varchar(255);
