package dev.ironic.core.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** A connection, and what is run on it. Used by one thread at a time. */
final class Session implements AutoCloseable {

  private static final int QUOTED = 60;

  private final Handle handle;
  private final Dialect dialect;
  private final LongAdder statements;

  /** What {@link #control} has prepared, by its text; closed together with the connection. */
  private final Map<String, PreparedStatement> controls = new HashMap<>();

  /**
   * Wraps a handle.
   *
   * @param statements counts what is run
   */
  Session(Handle handle, Dialect dialect, LongAdder statements) {
    this.handle = handle;
    this.dialect = dialect;
    this.statements = statements;
  }

  /**
   * Runs a query; all rows are read before this returns.
   *
   * @throws DatabaseException with what the driver said
   */
  <R> List<R> list(String sql, List<@Nullable Object> arguments, RowReader<R> reader) {
    statements.increment();
    try (var query = handle.createQuery(sql)) {
      bind(query, arguments);
      return query.scanResultSet((rows, context) -> read(rows.get(), reader));
    } catch (JdbiException e) {
      throw failed(sql, cause(e));
    }
  }

  private static <R> List<R> read(ResultSet rows, RowReader<R> reader) throws SQLException {
    try (rows) {
      var all = new ArrayList<R>();
      while (rows.next()) {
        all.add(reader.read(rows));
      }
      return all;
    }
  }

  /**
   * Runs a statement.
   *
   * @return the number of rows it changed
   * @throws DatabaseException with what the driver said
   */
  int run(String sql, List<@Nullable Object> arguments) {
    statements.increment();
    try (var update = handle.createUpdate(sql)) {
      bind(update, arguments);
      return update.execute();
    } catch (JdbiException e) {
      throw failed(sql, cause(e));
    }
  }

  private static void bind(SqlStatement<?> statement, List<@Nullable Object> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      Object value = arguments.get(i);
      statement.bind(i, (position, prepared, context) -> prepared.setObject(position, value));
    }
  }

  /**
   * Tells the driver's own words only: those around them hold the arguments, and so secrets. Of the
   * statement just enough to know it by, since users may see this.
   */
  private static DatabaseException failed(String statement, Throwable cause) {
    String beginning = statement.substring(0, Math.min(statement.length(), QUOTED));
    return new DatabaseException("The database refused " + beginning, cause);
  }

  private static Throwable cause(JdbiException e) {
    Throwable cause = e.getCause();
    return cause == null ? e : cause;
  }

  /** Runs a statement that begins or ends something; these are short and many. */
  private void control(String sql) {
    try {
      PreparedStatement known = controls.get(sql);
      if (known == null) {
        known = handle.getConnection().prepareStatement(sql);
        controls.put(sql, known);
      }
      known.execute();
    } catch (SQLException e) {
      throw failed(sql, e);
    }
  }

  /** Begins a transaction; SQLite's takes the right to write at once. */
  void begin() {
    if (dialect == Dialect.SQLITE) {
      control("BEGIN IMMEDIATE");
    } else {
      control("BEGIN", handle::begin);
    }
  }

  void commit() {
    if (dialect == Dialect.SQLITE) {
      control("COMMIT");
    } else {
      control("COMMIT", handle::commit);
    }
  }

  void rollback() {
    if (dialect == Dialect.SQLITE) {
      control("ROLLBACK");
    } else {
      control("ROLLBACK", handle::rollback);
    }
  }

  /** Marks a place in the transaction to go back to. */
  void savepoint(String name) {
    control("SAVEPOINT " + name);
  }

  void release(String savepoint) {
    control("RELEASE SAVEPOINT " + savepoint);
  }

  /** Undoes what came after a savepoint, which is gone then. */
  void rollbackTo(String savepoint) {
    control("ROLLBACK TO SAVEPOINT " + savepoint);
    release(savepoint);
  }

  private static void control(String what, Runnable control) {
    try {
      control.run();
    } catch (JdbiException e) {
      throw failed(what, cause(e));
    }
  }

  /** Closes the connection and all of its statements. */
  @Override
  public void close() {
    control("to close", handle::close);
  }
}
