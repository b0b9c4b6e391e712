package dev.ironic.core.store;

import java.util.List;
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
      return query.map((row, context) -> reader.read(row)).list();
    } catch (JdbiException e) {
      throw failed(sql, e);
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
    return execute(sql, arguments);
  }

  private int execute(String sql, List<@Nullable Object> arguments) {
    try (var update = handle.createUpdate(sql)) {
      bind(update, arguments);
      return update.execute();
    } catch (JdbiException e) {
      throw failed(sql, e);
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
  private static DatabaseException failed(String statement, JdbiException e) {
    Throwable cause = e.getCause();
    String beginning = statement.substring(0, Math.min(statement.length(), QUOTED));
    return new DatabaseException("The database refused " + beginning, cause == null ? e : cause);
  }

  /** Begins a transaction; SQLite's takes the right to write at once. */
  void begin() {
    if (dialect == Dialect.SQLITE) {
      execute("BEGIN IMMEDIATE", List.of());
    } else {
      control("BEGIN", handle::begin);
    }
  }

  void commit() {
    if (dialect == Dialect.SQLITE) {
      execute("COMMIT", List.of());
    } else {
      control("COMMIT", handle::commit);
    }
  }

  void rollback() {
    if (dialect == Dialect.SQLITE) {
      execute("ROLLBACK", List.of());
    } else {
      control("ROLLBACK", handle::rollback);
    }
  }

  /** Marks a place in the transaction to go back to. */
  void savepoint(String name) {
    execute("SAVEPOINT " + name, List.of());
  }

  void release(String savepoint) {
    execute("RELEASE SAVEPOINT " + savepoint, List.of());
  }

  /** Undoes what came after a savepoint, which is gone then. */
  void rollbackTo(String savepoint) {
    execute("ROLLBACK TO SAVEPOINT " + savepoint, List.of());
    release(savepoint);
  }

  private static void control(String what, Runnable control) {
    try {
      control.run();
    } catch (JdbiException e) {
      throw failed(what, e);
    }
  }

  /** Closes the connection and all of its statements. */
  @Override
  public void close() {
    control("to close", handle::close);
  }
}
