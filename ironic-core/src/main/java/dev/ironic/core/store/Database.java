package dev.ironic.core.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteConnection;

/**
 * Connections and transactions. With SQLite all writes go through one connection, one at a time, so
 * that none ever finds the database locked; reads have connections of their own and see the state
 * of the last commit. With PostgreSQL each transaction takes a connection of the pool.
 *
 * <p>Thread-safe. A transaction belongs to its thread.
 */
final class Database implements AutoCloseable {

  private final Dialect dialect;
  private final Sources sources;
  private final Jdbi jdbi;
  private final @Nullable Handle sqliteWriter;
  private final ReentrantLock writing = new ReentrantLock(true);

  /** Not static: a thread may have transactions of several databases. */
  @SuppressWarnings("ThreadLocalUsage")
  private final ThreadLocal<@Nullable Transaction> current = new ThreadLocal<>();

  /** Connects, and with SQLite opens the writer. */
  Database(Sources sources) {
    this.sources = sources;
    DataSource source = sources.source();
    jdbi = configured(Jdbi.create(source));
    try (Connection connection = source.getConnection()) {
      dialect = Dialect.of(connection);
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot connect to the database: " + e.getMessage(), e);
    }
    sqliteWriter = dialect == Dialect.SQLITE ? openWriter(source) : null;
  }

  private static Jdbi configured(Jdbi jdbi) {
    jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
    return jdbi;
  }

  private static Handle openWriter(DataSource source) {
    return configured(
            Jdbi.create(
                () -> {
                  Connection connection = source.getConnection();
                  connection
                      .unwrap(SQLiteConnection.class)
                      .setCurrentTransactionMode(TransactionMode.IMMEDIATE);
                  return connection;
                }))
        .setStatementBuilderFactory(connection -> new PreparedStatements())
        .open();
  }

  Dialect dialect() {
    return dialect;
  }

  /** Reads; inside a transaction of this thread, what it has written. */
  <R> R read(Function<Handle, R> work) {
    Transaction joined = current.get();
    if (joined != null) {
      return work.apply(joined.handle);
    }
    try (Handle handle = jdbi.open()) {
      return work.apply(handle);
    }
  }

  /**
   * Writes all or nothing. Inside a transaction of this thread it becomes a part of it: when it
   * fails, only its own writes are undone.
   */
  <R> R write(Function<Handle, R> work) {
    Transaction joined = current.get();
    if (joined != null) {
      return inSavepoint(joined, work);
    }
    if (sqliteWriter == null) {
      try (Handle handle = jdbi.open()) {
        return inTransaction(handle, work);
      }
    }
    writing.lock();
    try {
      return inTransaction(sqliteWriter, work);
    } finally {
      writing.unlock();
    }
  }

  private <R> R inTransaction(Handle handle, Function<Handle, R> work) {
    handle.begin();
    current.set(new Transaction(handle));
    boolean committed = false;
    try {
      R result = work.apply(handle);
      handle.commit();
      committed = true;
      return result;
    } finally {
      current.remove();
      if (!committed) {
        handle.rollback();
      }
    }
  }

  private static <R> R inSavepoint(Transaction transaction, Function<Handle, R> work) {
    Handle handle = transaction.handle;
    String name = "part" + transaction.depth++;
    handle.savepoint(name);
    boolean done = false;
    try {
      R result = work.apply(handle);
      handle.releaseSavepoint(name);
      done = true;
      return result;
    } finally {
      transaction.depth--;
      if (!done) {
        handle.rollbackToSavepoint(name);
      }
    }
  }

  /** A transaction of a thread, with the number of parts that are open inside. */
  private static final class Transaction {
    private final Handle handle;
    private int depth;

    Transaction(Handle handle) {
      this.handle = handle;
    }
  }

  @Override
  public void close() {
    if (sqliteWriter != null) {
      writing.lock();
      try {
        sqliteWriter.close();
      } finally {
        writing.unlock();
      }
    }
    sources.close();
  }
}
