package dev.ironic.core.store;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/** The database refused a statement or cannot be reached; the cause is what its driver said. */
public final class DatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates one; the cause's message is added. */
  public DatabaseException(String message, Throwable cause) {
    super(message + ": " + cause.getMessage(), cause);
  }

  /**
   * Whether the way to the database is broken or the database is stopping, so that the same may
   * work later. What was under way may have been stored or not.
   */
  public boolean isUnreachable() {
    for (Throwable e = getCause(); e != null; e = e.getCause()) {
      if (e instanceof SQLTransientConnectionException
          || e instanceof SQLNonTransientConnectionException
          || e instanceof SQLRecoverableException
          || (e instanceof SQLException sql && isOfConnections(sql.getSQLState()))) {
        return true;
      }
    }
    return false;
  }

  /** Class 08 of the standard, and what PostgreSQL says when it ends a session. */
  private static boolean isOfConnections(@Nullable String state) {
    return state != null && (state.startsWith("08") || state.startsWith("57P"));
  }
}
