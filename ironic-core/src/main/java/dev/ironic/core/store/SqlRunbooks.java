package dev.ironic.core.store;

import dev.ironic.core.model.Runbook;
import dev.ironic.core.model.RunbookStep;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runbooks with their steps and traits in SQL. */
final class SqlRunbooks extends SqlRepository<Runbook> {

  /** Components that are kept in tables of their own. */
  private static final Set<String> OWN_ROWS = Set.of("steps", "traits");

  private final StepRows<RunbookStep> steps;

  SqlRunbooks(Database database, Clock clock) {
    super(database, clock, Tables.RUNBOOKS);
    steps =
        new StepRows<>(
            database.dialect(), "runbook_steps", "runbook_id", "order", RunbookStep::new);
  }

  private record Trait(long runbook, String name) {}

  @Override
  protected List<Runbook> complete(Session session, List<Runbook> found) {
    List<Long> ids = found.stream().map(Runbook::id).toList();
    Map<Long, List<RunbookStep>> stepsOf = steps.read(session, ids);
    Map<Long, List<String>> traitsOf =
        rows
            .sql("SELECT runbook_id, trait FROM runbook_traits WHERE ")
            .addIn("runbook_id", ids)
            .list(session, row -> new Trait(row.getLong(1), row.getString(2)))
            .stream()
            .collect(
                Collectors.groupingBy(
                    Trait::runbook,
                    Collectors.collectingAndThen(
                        Collectors.toList(),
                        traits -> traits.stream().map(Trait::name).sorted().toList())));
    return found.stream()
        .map(
            row ->
                row.with(
                    b ->
                        b.steps(stepsOf.getOrDefault(row.id(), List.of()))
                            .traits(traitsOf.getOrDefault(row.id(), List.of()))))
        .toList();
  }

  /** Steps and traits have rows of their own: to change only them does not touch the runbook's. */
  @Override
  protected Runbook write(Session session, Map<String, @Nullable Object> changes, Runbook row) {
    return OWN_ROWS.containsAll(changes.keySet()) ? row : super.write(session, changes, row);
  }

  @Override
  protected void writeChildren(Session session, Runbook stored, Runbook wanted) {
    steps.replace(
        session,
        stored.id(),
        wanted.steps().stream()
            .map(
                step ->
                    new StepRows.Values(
                        step.interfaceName(), step.step(), step.args(), step.order()))
            .toList(),
        now());
    deleteTraits(session, stored.id());
    for (String trait : new TreeSet<>(wanted.traits())) {
      rows.sql(
              "INSERT INTO runbook_traits (runbook_id, trait, created_at, version)"
                  + " VALUES (?, ?, ?, '1.0')",
              stored.id(),
              trait,
              Codec.TIME.write(now(), database.dialect()))
          .run(session);
    }
  }

  @Override
  protected void beforeDelete(Session session, Runbook row) {
    steps.delete(session, row.id());
    deleteTraits(session, row.id());
  }

  private void deleteTraits(Session session, long id) {
    rows.sql("DELETE FROM runbook_traits WHERE runbook_id = ?", id).run(session);
  }
}
