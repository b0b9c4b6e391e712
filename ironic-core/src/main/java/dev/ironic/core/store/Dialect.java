package dev.ironic.core.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

/** The two databases, where they differ. */
enum Dialect {
  SQLITE("sqlite"),
  POSTGRESQL("postgresql");

  private final String folder;

  Dialect(String folder) {
    this.folder = folder;
  }

  /** Folder of its migrations. */
  String folder() {
    return folder;
  }

  /** Order of nulls: first when ascending, in both databases. */
  String order(boolean descending) {
    return switch (this) {
      case SQLITE -> descending ? " DESC" : " ASC";
      case POSTGRESQL -> descending ? " DESC NULLS LAST" : " ASC NULLS FIRST";
    };
  }

  static Dialect of(Connection connection) throws SQLException {
    String product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
    return switch (product) {
      case "sqlite" -> SQLITE;
      case "postgresql" -> POSTGRESQL;
      default ->
          throw new IllegalArgumentException(
              "Database " + product + " is not supported: use SQLite or PostgreSQL");
    };
  }
}
