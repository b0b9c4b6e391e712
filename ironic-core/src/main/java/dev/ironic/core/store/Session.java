package dev.ironic.core.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * A connection. One that stays with us keeps its prepared statements for the next time the same
 * text is run: SQLite takes as long to prepare a statement on a wide table as to run it, and its
 * driver keeps none. A statement in use is out of the cache, so that nested use of one text gets
 * another. Used by one thread at a time.
 */
final class Session implements AutoCloseable {

  private static final int MOST_KEPT = 128;

  private final Connection connection;
  private final Dialect dialect;
  private final boolean keeps;
  private final LongAdder statements;

  /** By text, the one unused for the longest time first. */
  private final Map<String, PreparedStatement> kept = new LinkedHashMap<>();

  /**
   * Wraps a connection.
   *
   * @param keeps whether statements are worth keeping
   * @param statements counts what is run
   */
  Session(Connection connection, Dialect dialect, boolean keeps, LongAdder statements) {
    this.connection = connection;
    this.dialect = dialect;
    this.keeps = keeps;
    this.statements = statements;
  }

  /** Work with a statement. */
  interface Work<R> {
    R with(PreparedStatement statement) throws SQLException;
  }

  /**
   * Runs a statement; results are read before this returns.
   *
   * @throws DatabaseException with what the driver said
   */
  <R> R run(String sql, Work<R> work) {
    statements.increment();
    return prepared(sql, work);
  }

  private <R> R prepared(String sql, Work<R> work) {
    try {
      PreparedStatement statement = take(sql);
      boolean healthy = false;
      try {
        R result = work.with(statement);
        healthy = true;
        return result;
      } finally {
        giveBack(sql, statement, healthy);
      }
    } catch (SQLException e) {
      throw new DatabaseException("A statement failed (" + sql + ")", e);
    }
  }

  private PreparedStatement take(String sql) throws SQLException {
    PreparedStatement known = kept.remove(sql);
    return known != null ? known : connection.prepareStatement(sql);
  }

  private void giveBack(String sql, PreparedStatement statement, boolean healthy)
      throws SQLException {
    if (!keeps || !healthy || kept.containsKey(sql)) {
      statement.close();
      return;
    }
    statement.clearParameters();
    kept.put(sql, statement);
    if (kept.size() > MOST_KEPT) {
      var oldest = kept.entrySet().iterator();
      PreparedStatement unused = oldest.next().getValue();
      oldest.remove();
      unused.close();
    }
  }

  /** Begins a transaction; SQLite's takes the right to write at once. */
  void begin() {
    if (dialect == Dialect.SQLITE) {
      execute("BEGIN IMMEDIATE");
    } else {
      control("BEGIN", () -> connection.setAutoCommit(false));
    }
  }

  void commit() {
    if (dialect == Dialect.SQLITE) {
      execute("COMMIT");
    } else {
      control("COMMIT", connection::commit);
      control("to end the transaction", () -> connection.setAutoCommit(true));
    }
  }

  void rollback() {
    if (dialect == Dialect.SQLITE) {
      execute("ROLLBACK");
    } else {
      control("ROLLBACK", connection::rollback);
      control("to end the transaction", () -> connection.setAutoCommit(true));
    }
  }

  /** Marks a place in the transaction to go back to. */
  void savepoint(String name) {
    execute("SAVEPOINT " + name);
  }

  void release(String savepoint) {
    execute("RELEASE SAVEPOINT " + savepoint);
  }

  /** Undoes what came after a savepoint, which is gone then. */
  void rollbackTo(String savepoint) {
    execute("ROLLBACK TO SAVEPOINT " + savepoint);
    release(savepoint);
  }

  private void execute(String sql) {
    prepared(
        sql,
        statement -> {
          statement.execute();
          return sql;
        });
  }

  private interface Control {
    void run() throws SQLException;
  }

  private static void control(String what, Control control) {
    try {
      control.run();
    } catch (SQLException e) {
      throw new DatabaseException("The database refused " + what, e);
    }
  }

  /** Closes the connection and all of its statements. */
  @Override
  public void close() {
    control(
        "to close",
        () -> {
          for (PreparedStatement statement : kept.values()) {
            statement.close();
          }
          kept.clear();
          connection.close();
        });
  }
}
