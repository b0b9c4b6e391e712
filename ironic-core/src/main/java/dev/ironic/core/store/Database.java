package dev.ironic.core.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jspecify.annotations.Nullable;

/**
 * Connections and transactions. With SQLite all writes go through one connection, one at a time, so
 * that none ever finds the database locked, and those that wait share a commit; reads have
 * connections of their own and see the state of the last commit. With PostgreSQL each transaction
 * takes a connection of the pool.
 *
 * <p>Thread-safe. A transaction belongs to its thread.
 */
final class Database implements AutoCloseable {

  /** Bounds how long the first of a batch waits for its answer. */
  private static final int MOST_PARTS = 64;

  /** A checkpoint waits for the disk; with 16 MiB between two it does so rarely. */
  private static final int CHECKPOINT_PAGES = 4096;

  private static final String PART = "member";

  private final Dialect dialect;
  private final Sources sources;
  private final Jdbi plain;

  /** Its connections keep their statements, which pays off where they stay open. */
  private final Jdbi keeping;

  private final LongAdder statements = new LongAdder();

  /** Those of SQLite, which stay; null where each reader takes a connection of a pool. */
  private final @Nullable Readers readers;

  private final @Nullable Session sqliteWriter;
  private final ReentrantLock writing = new ReentrantLock(true);

  /** The transaction of the writer that more may join; guarded by {@link #writing}. */
  private @Nullable Batch batch;

  /** Not static: a thread may have transactions of several databases. */
  @SuppressWarnings("ThreadLocalUsage")
  private final ThreadLocal<@Nullable Transaction> current = new ThreadLocal<>();

  /** Connects, and with SQLite opens the writer. */
  Database(Sources sources) {
    this.sources = sources;
    plain = jdbi(sources);
    keeping = jdbi(sources).setStatementBuilderFactory(connection -> new PreparedStatements());
    try (Connection connection = sources.source().getConnection()) {
      dialect = Dialect.of(connection);
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot connect to the database: " + e.getMessage(), e);
    }
    readers = sources.readers() > 0 ? new Readers(sources.readers(), () -> open(true)) : null;
    sqliteWriter = dialect == Dialect.SQLITE ? openWriter() : null;
  }

  private Session openWriter() {
    Session writer = open(true);
    new Sql(dialect)
        .add("PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES)
        .list(writer, row -> row.getLong(1));
    return writer;
  }

  private Session open(boolean keeps) {
    try {
      return new Session((keeps ? keeping : plain).open(), dialect, statements);
    } catch (ConnectionException e) {
      throw new DatabaseException("The database cannot be reached", e);
    }
  }

  private static Jdbi jdbi(Sources sources) {
    Jdbi jdbi = Jdbi.create(sources.source());
    jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
    return jdbi;
  }

  /** How many statements have run, but for those that begin and end transactions. */
  long statements() {
    return statements.sum();
  }

  Dialect dialect() {
    return dialect;
  }

  /** Reads; inside a transaction of this thread, what it has written. */
  <R> R read(Function<Session, R> work) {
    Transaction joined = current.get();
    if (joined != null) {
      return work.apply(joined.session);
    }
    if (readers != null) {
      return readers.with(work);
    }
    try (Session session = open(false)) {
      return work.apply(session);
    }
  }

  /**
   * Writes all or nothing. Inside a transaction of this thread it becomes a part of it: when it
   * fails, only its own writes are undone.
   */
  <R> R write(Function<Session, R> work) {
    Transaction joined = current.get();
    if (joined != null) {
      return inSavepoint(joined, work);
    }
    if (sqliteWriter == null) {
      try (Session session = open(false)) {
        return inTransaction(session, work);
      }
    }
    return inBatch(sqliteWriter, work);
  }

  /**
   * Writes together with those who come meanwhile: each has a part of one transaction to itself,
   * the last one commits, and nobody goes on before that. A commit costs as much as several parts,
   * so that under load most of it is saved; who comes alone commits at once.
   */
  private <R> R inBatch(Session writer, Function<Session, R> work) {
    Batch mine;
    writing.lock();
    try {
      mine = joined(writer);
    } catch (RuntimeException | Error e) {
      writing.unlock();
      throw e;
    }
    try {
      return part(mine, writer, work);
    } finally {
      writing.unlock();
      mine.await();
    }
  }

  private Batch joined(Session writer) {
    Batch found = batch;
    if (found == null) {
      writer.begin();
      found = new Batch();
      batch = found;
    }
    found.parts++;
    return found;
  }

  private <R> R part(Batch mine, Session writer, Function<Session, R> work) {
    boolean alone = mine.parts == 1;
    boolean done = false;
    try {
      if (!alone) {
        writer.savepoint(PART);
      }
      current.set(new Transaction(writer));
      R result = work.apply(writer);
      if (!alone) {
        writer.release(PART);
      }
      done = true;
      return result;
    } finally {
      current.remove();
      if (!done) {
        undo(mine, writer, alone);
      }
      if (batch == mine && (mine.parts >= MOST_PARTS || !writing.hasQueuedThreads())) {
        commit(mine, writer);
      }
    }
  }

  /** Undoes one part; when the database has given up the whole transaction, all parts fail. */
  private void undo(Batch mine, Session writer, boolean alone) {
    if (!alone) {
      try {
        writer.rollbackTo(PART);
        return;
      } catch (RuntimeException e) {
        mine.failed(e);
      }
    }
    batch = null;
    try {
      writer.rollback();
    } finally {
      mine.settled();
    }
  }

  private void commit(Batch mine, Session writer) {
    batch = null;
    try {
      writer.commit();
    } catch (RuntimeException e) {
      mine.failed(e);
      writer.rollback();
    } finally {
      mine.settled();
    }
  }

  private <R> R inTransaction(Session session, Function<Session, R> work) {
    session.begin();
    current.set(new Transaction(session));
    try {
      R result = work.apply(session);
      session.commit();
      return result;
    } catch (RuntimeException | Error e) {
      undo(e, session::rollback);
      throw e;
    } finally {
      current.remove();
    }
  }

  /** What failed first is told; when the connection is lost, there is nothing left to undo. */
  private static void undo(Throwable failure, Runnable undoing) {
    try {
      undoing.run();
    } catch (DatabaseException e) {
      failure.addSuppressed(e);
    }
  }

  private static <R> R inSavepoint(Transaction transaction, Function<Session, R> work) {
    Session session = transaction.session;
    String name = "part" + transaction.depth++;
    session.savepoint(name);
    try {
      R result = work.apply(session);
      session.release(name);
      return result;
    } catch (RuntimeException | Error e) {
      undo(e, () -> session.rollbackTo(name));
      throw e;
    } finally {
      transaction.depth--;
    }
  }

  /**
   * A transaction of SQLite that several threads share. Used under the writer's lock, but to wait.
   */
  private static final class Batch {
    private final CompletableFuture<Boolean> end = new CompletableFuture<>();
    private int parts;

    void failed(RuntimeException e) {
      end.completeExceptionally(e);
    }

    /** Whoever waits goes on, unless it has failed. */
    void settled() {
      end.complete(true);
    }

    void await() {
      try {
        end.join();
      } catch (CompletionException e) {
        throw new IllegalStateException(
            "The database did not take the transaction, nothing was written: " + e.getCause(), e);
      }
    }
  }

  /** A transaction of a thread, with the number of parts that are open inside. */
  private static final class Transaction {
    private final Session session;
    private int depth;

    Transaction(Session session) {
      this.session = session;
    }
  }

  @Override
  public void close() {
    if (sqliteWriter != null) {
      writing.lock();
      try {
        Batch waiting = batch;
        if (waiting != null) {
          commit(waiting, sqliteWriter);
        }
        sqliteWriter.close();
      } finally {
        writing.unlock();
      }
    }
    if (readers != null) {
      readers.close();
    }
    sources.close();
  }
}
