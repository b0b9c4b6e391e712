package dev.ironic.core.store;

import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A few sessions for reading that are opened when they are first needed and stay open. Thread-safe.
 */
final class Readers implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 30;

  private final Supplier<Session> opener;
  private final Semaphore places;
  private final int size;
  private final ConcurrentLinkedDeque<Session> idle = new ConcurrentLinkedDeque<>();

  Readers(int size, Supplier<Session> opener) {
    this.size = size;
    this.opener = opener;
    places = new Semaphore(size);
  }

  /** Reads; waits while all sessions are in use. */
  <R> R with(Function<Session, R> work) {
    enter();
    try {
      @Nullable Session known = idle.pollFirst();
      Session session = known == null ? opener.get() : known;
      try {
        return work.apply(session);
      } finally {
        idle.addFirst(session);
      }
    } finally {
      places.release();
    }
  }

  private void enter() {
    if (places.tryAcquire()) {
      return;
    }
    boolean entered = false;
    try {
      entered = places.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!entered) {
      throw new DatabaseException(
          "No connection for reading",
          new SQLException("all %d were in use for %d s".formatted(size, PATIENCE_SECONDS)));
    }
  }

  /** Waits for those who read, and closes all. */
  @Override
  public void close() {
    places.acquireUninterruptibly(size);
    idle.forEach(Session::close);
    idle.clear();
  }
}
