package dev.ironic.core.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The steps of templates and runbooks, in a table of their own, in the order in which they were
 * given.
 *
 * @param <S> the step
 */
final class StepRows<S> {

  private final Dialect dialect;
  private final String table;
  private final String owner;
  private final String rank;
  private final Maker<S> maker;

  /** Makes a step. */
  interface Maker<S> {
    S make(String interfaceName, String step, Map<String, @Nullable Object> args, int rank);
  }

  /** A step as it is stored. */
  record Values(String interfaceName, String step, Map<String, @Nullable Object> args, int rank) {}

  /**
   * @param owner column of the row that the steps belong to
   * @param rank column of the number that orders them
   */
  StepRows(Dialect dialect, String table, String owner, String rank, Maker<S> maker) {
    this.dialect = dialect;
    this.table = table;
    this.owner = owner;
    this.rank = rank;
    this.maker = maker;
  }

  private record Owned<S>(long owner, S step) {}

  /** The steps by the number of the row that they belong to. */
  Map<Long, List<S>> read(Session session, Collection<Long> owners) {
    return new Sql(dialect)
            .add("SELECT " + owner + ", \"interface\", \"step\", \"args\", \"" + rank + "\" FROM ")
            .add(table + " WHERE ")
            .addIn(owner, owners)
            .add(" ORDER BY id")
            .list(session, row -> owned(row))
            .stream()
            .collect(
                Collectors.groupingBy(
                    Owned::owner,
                    Collectors.mapping(Owned::step, Collectors.toUnmodifiableList())));
  }

  private Owned<S> owned(ResultSet row) throws SQLException {
    return new Owned<>(
        row.getLong(1),
        maker.make(
            row.getString(2), row.getString(3), Json.readMap(row.getString(4)), row.getInt(5)));
  }

  void replace(Session session, long ownerId, List<Values> steps, Instant now) {
    delete(session, ownerId);
    for (Values step : steps) {
      new Sql(dialect)
          .add("INSERT INTO " + table + " (" + owner + ", \"interface\", \"step\", \"args\", \"")
          .add(rank + "\", created_at) VALUES (?, ?, ?, ?, ?, ?)")
          .add(
              "",
              ownerId,
              step.interfaceName(),
              step.step(),
              Json.write(step.args()),
              step.rank(),
              Codec.TIME.write(now, dialect))
          .run(session);
    }
  }

  void delete(Session session, long ownerId) {
    new Sql(dialect).add("DELETE FROM " + table + " WHERE " + owner + " = ?", ownerId).run(session);
  }
}
