package dev.ironic.core.store;

import dev.ironic.core.model.Flow;
import dev.ironic.core.model.FlowStep;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * The journal in SQL. Progress has a column of its own, beside the steps: it names the state that
 * its step was in, and counts only while the step is still in that state, so that late progress
 * never undoes what the journal says.
 */
final class SqlFlows implements FlowRepository {

  private final Database database;
  private final Clock clock;
  private final NodeLocks locks;
  private final Rows<Flow> rows;

  SqlFlows(Database database, Clock clock, NodeLocks locks) {
    this.database = database;
    this.clock = clock;
    this.locks = locks;
    rows = new Rows<>(Tables.FLOWS, database.dialect());
  }

  /** How far a step has come. */
  record Progress(
      int index,
      FlowStep.State state,
      @Nullable String message,
      @Nullable Long done,
      @Nullable Long total,
      @Nullable String unit) {}

  @Override
  public Flow open(NodeLock lock, Flow draft) {
    requireSameNode(lock, draft);
    return database.write(
        session -> {
          locks.require(session, lock);
          rows.sql(
                  "UPDATE flows SET state = 'failed', ended_at = ?, error = ?",
                  Codec.TIME.write(clock.instant(), database.dialect()),
                  "Another operation was started on the node: " + draft.kind().wireName())
              .add(" WHERE node_id = ? AND ended_at IS NULL", draft.nodeId())
              .run(session);
          return rows.insert(session, draft, clock.instant());
        });
  }

  @Override
  public Flow save(NodeLock lock, Flow flow) {
    requireSameNode(lock, flow);
    if (flow.state().ended() != (flow.endedAt() != null)) {
      throw new IllegalArgumentException(
          "Flow " + flow.uuid() + " is " + flow.state() + " but ended at " + flow.endedAt());
    }
    return database.write(
        session -> {
          locks.require(session, lock);
          // Late progress does not count any more once the journal has gone on.
          Sql changes = rows.changes(written(flow), clock.instant()).add(", progress = NULL");
          if (rows.change(changes, byId(flow)).run(session) == 0) {
            throw rows.missing(flow.uuid());
          }
          return flow;
        });
  }

  /** All that ever changes of a flow; telling what did costs more than to write it. */
  private static Map<String, @Nullable Object> written(Flow flow) {
    var values = new LinkedHashMap<String, @Nullable Object>();
    values.put("state", flow.state());
    values.put("cursor", flow.cursor());
    values.put("steps", flow.steps());
    values.put("context", flow.context());
    values.put("conductor", flow.conductor());
    values.put("endedAt", flow.endedAt());
    values.put("error", flow.error());
    return values;
  }

  @Override
  public void saveProgress(Flow flow) {
    var progress = new ArrayList<Progress>();
    for (int i = 0; i < flow.steps().size(); i++) {
      FlowStep step = flow.steps().get(i);
      if (step.state() == FlowStep.State.INTENDED || step.state() == FlowStep.State.WAITING) {
        progress.add(
            new Progress(
                i,
                step.state(),
                step.message(),
                step.progressDone(),
                step.progressTotal(),
                step.progressUnit()));
      }
    }
    database.write(
        session ->
            rows.sql("UPDATE flows SET progress = ?", Json.write(progress))
                .add(" WHERE id = ? AND ended_at IS NULL", flow.id())
                .run(session));
  }

  @Override
  public Optional<Flow> living(long nodeId) {
    return select(rows.sql(" WHERE ended_at IS NULL AND node_id = ?", nodeId)).stream().findFirst();
  }

  @Override
  public List<String> idleNodes(Flow.State state) {
    return database.read(
        session ->
            rows.sql("SELECT n.uuid FROM flows f JOIN nodes n ON n.id = f.node_id")
                .add(
                    " WHERE f.ended_at IS NULL AND n.reservation IS NULL AND f.state = ?",
                    Codec.FLOW_STATE.write(state, database.dialect()))
                .add(" ORDER BY f.id")
                .list(session, row -> row.getString(1)));
  }

  @Override
  public List<Flow> ofNode(long nodeId, int limit) {
    return select(rows.sql(" WHERE node_id = ? ORDER BY id DESC LIMIT ?", nodeId, limit));
  }

  private List<Flow> select(Sql rest) {
    record Stored(Flow flow, @Nullable String progress) {}
    int last = Tables.FLOWS.selectionWidth();
    return database
        .read(
            session ->
                rows.sql("SELECT " + Tables.FLOWS.selection() + ", progress FROM flows")
                    .add(rest)
                    .list(
                        session,
                        row ->
                            new Stored(
                                Tables.FLOWS.map(row, database.dialect()),
                                row.getString(last + 1))))
        .stream()
        .map(stored -> merged(stored.flow(), stored.progress()))
        .toList();
  }

  private static Flow merged(Flow flow, @Nullable String progress) {
    if (progress == null) {
      return flow;
    }
    var steps = new ArrayList<>(flow.steps());
    for (Progress each : Json.read(progress, new TypeReference<List<Progress>>() {})) {
      if (each.index() < steps.size() && steps.get(each.index()).state() == each.state()) {
        steps.set(
            each.index(),
            steps
                .get(each.index())
                .with(
                    b ->
                        b.message(each.message())
                            .progressDone(each.done())
                            .progressTotal(each.total())
                            .progressUnit(each.unit())));
      }
    }
    return flow.with(b -> b.steps(List.copyOf(steps)));
  }

  private Sql byId(Flow flow) {
    return rows.sql(" WHERE \"id\" = ?", flow.id());
  }

  private static void requireSameNode(NodeLock lock, Flow flow) {
    if (flow.nodeId() != lock.nodeId()) {
      throw new IllegalArgumentException(
          "Flow " + flow.uuid() + " is not of the locked node " + lock.nodeUuid());
    }
  }
}
