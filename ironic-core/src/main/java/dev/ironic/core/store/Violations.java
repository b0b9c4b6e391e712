package dev.ironic.core.store;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What broken rules of the schema mean to users. */
final class Violations {

  private static final String UNIQUE_STATE = "23505";
  private static final String FOREIGN_KEY_STATE = "23503";
  private static final String SQLITE_UNIQUE = "UNIQUE constraint failed: ";
  private static final String SQLITE_PRIMARY_KEY = "PRIMARY KEY constraint failed";
  private static final String SQLITE_FOREIGN_KEY = "FOREIGN KEY constraint failed";

  private Violations() {}

  /** The failure that a refused insertion or change means. */
  static <T extends Record> RuntimeException translate(Table<T> table, T row, DatabaseException e) {
    SQLException cause = sqlCause(e);
    if (cause == null) {
      return e;
    }
    for (Unique unique : table.uniques()) {
      if (breaks(cause, table.name(), unique)) {
        Object[] values =
            unique.components().stream()
                .map(component -> String.valueOf(table.value(row, component)))
                .toArray();
        return new IronicException(unique.fault(), unique.message().formatted(values), e);
      }
    }
    if (isForeignKey(cause)) {
      return new IronicException(
          Fault.NOT_FOUND,
          "A row in " + table.name() + " was not stored: what it refers to does not exist any more",
          e);
    }
    return e;
  }

  /** The failure that a refused deletion means. */
  static RuntimeException translateDeletion(String what, DatabaseException e) {
    SQLException cause = sqlCause(e);
    return cause != null && isForeignKey(cause)
        ? new IronicException(
            Fault.CONFLICT, what + " cannot be deleted: something else still refers to it", e)
        : e;
  }

  private static boolean breaks(SQLException e, String table, Unique unique) {
    String message = Objects.requireNonNullElse(e.getMessage(), "");
    if (e instanceof PSQLException postgres) {
      ServerErrorMessage details = postgres.getServerErrorMessage();
      return UNIQUE_STATE.equals(e.getSQLState())
          && details != null
          && unique.constraint().equals(details.getConstraint());
    }
    String columns =
        unique.columns().stream()
            .map(column -> table + "." + column)
            .collect(Collectors.joining(", "));
    return (message.contains(SQLITE_UNIQUE) || message.contains(SQLITE_PRIMARY_KEY))
        && message.endsWith(": " + columns + ")");
  }

  private static boolean isForeignKey(SQLException e) {
    return FOREIGN_KEY_STATE.equals(e.getSQLState())
        || String.valueOf(e.getMessage()).contains(SQLITE_FOREIGN_KEY);
  }

  private static @Nullable SQLException sqlCause(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }
}
