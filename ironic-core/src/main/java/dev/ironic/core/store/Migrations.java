package dev.ironic.core.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * Brings the schema up to date, by numbered SQL files that are each applied once and in order. What
 * was applied is kept, with a checksum, in the table {@code schema_version}. Services that start at
 * the same time wait for each other.
 */
public final class Migrations {

  private static final String FOLDER = "migrations/";

  /** Any number, the same in all services: it names the lock. */
  private static final long POSTGRES_LOCK = 0x69726f6e69635f31L;

  private final DataSource source;

  /** Prepares to look at a database; nothing is changed yet. */
  public Migrations(DataSource source) {
    this.source = source;
  }

  /** Brings the schema of a database up to date; returns the version reached. */
  public static int upgrade(DatabaseUrl url) {
    try (Sources sources = Sources.open(url)) {
      return new Migrations(sources.source()).upgrade();
    }
  }

  /** The version of a database's schema; 0 for an empty one. */
  public static int version(DatabaseUrl url) {
    try (Sources sources = Sources.open(url)) {
      return new Migrations(sources.source()).version();
    }
  }

  /** The number of the newest migration that this release knows. */
  public static int newest() {
    return index().size();
  }

  /**
   * The number of the newest migration that was applied; 0 for an empty database.
   *
   * @throws IllegalStateException if the database cannot be reached
   */
  public int version() {
    try (Connection connection = source.getConnection()) {
      return hasVersionTable(connection) ? last(applied(connection)) : 0;
    } catch (SQLException e) {
      throw failure("Cannot read the version of the schema", e);
    }
  }

  /**
   * Applies what is missing, in one transaction.
   *
   * @return the version reached
   * @throws IllegalStateException if a migration fails, if one that was applied is not the one
   *     known here, or if the database is of a newer release; nothing is changed then
   */
  public int upgrade() {
    return upgradeTo(newest());
  }

  /** Applies what is missing, up to a version. */
  int upgradeTo(int target) {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      Dialect dialect = Dialect.of(connection);
      statement.execute(
          switch (dialect) {
            case SQLITE -> "BEGIN IMMEDIATE";
            case POSTGRESQL -> "BEGIN";
          });
      boolean committed = false;
      try {
        if (dialect == Dialect.POSTGRESQL) {
          statement.execute("SELECT pg_advisory_xact_lock(" + POSTGRES_LOCK + ")");
        }
        apply(connection, statement, dialect, target);
        statement.execute("COMMIT");
        committed = true;
      } finally {
        if (!committed) {
          statement.execute("ROLLBACK");
        }
      }
      return target;
    } catch (SQLException e) {
      throw failure("Cannot upgrade the schema", e);
    }
  }

  private static void apply(Connection connection, Statement statement, Dialect dialect, int target)
      throws SQLException {
    if (!hasVersionTable(connection)) {
      statement.execute(
          "CREATE TABLE schema_version (number INTEGER PRIMARY KEY, name VARCHAR(255) NOT NULL,"
              + " checksum VARCHAR(64) NOT NULL)");
    }
    List<String> names = index();
    Map<Integer, String> applied = applied(connection);
    if (last(applied) > names.size()) {
      throw new IllegalStateException(
          "The database has schema version %d, but this release knows %d only: use a newer release"
              .formatted(last(applied), names.size()));
    }
    for (int number = 1; number <= target; number++) {
      String name = names.get(number - 1);
      String script = script(dialect, name);
      String known = applied.get(number);
      if (known == null) {
        for (String part : statements(script)) {
          statement.execute(part);
        }
        record(connection, number, name, checksum(script));
      } else if (!known.equals(checksum(script))) {
        throw new IllegalStateException(
            "Migration " + name + " is not the one that was applied to this database");
      }
    }
  }

  private static void record(Connection connection, int number, String name, String checksum)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO schema_version (number, name, checksum) VALUES (?, ?, ?)")) {
      insert.setInt(1, number);
      insert.setString(2, name);
      insert.setString(3, checksum);
      insert.executeUpdate();
    }
  }

  private static boolean hasVersionTable(Connection connection) throws SQLException {
    try (ResultSet tables =
        connection.getMetaData().getTables(null, connection.getSchema(), "schema_version", null)) {
      return tables.next();
    }
  }

  private static Map<Integer, String> applied(Connection connection) throws SQLException {
    var applied = new TreeMap<Integer, String>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT number, checksum FROM schema_version")) {
      while (rows.next()) {
        applied.put(rows.getInt(1), rows.getString(2));
      }
    }
    return applied;
  }

  private static int last(Map<Integer, String> applied) {
    return applied.keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  /** Names of the migrations, in order. */
  private static List<String> index() {
    return resource("index.txt").lines().filter(line -> !line.isBlank()).toList();
  }

  private static String script(Dialect dialect, String name) {
    return resource(dialect.folder() + "/" + name + ".sql");
  }

  /** Statements end with a semicolon at the end of a line. */
  private static List<String> statements(String script) {
    return List.of(script.split(";\\s*\\n")).stream().filter(part -> !part.isBlank()).toList();
  }

  private static String resource(String name) {
    try (InputStream stream = Migrations.class.getResourceAsStream(FOLDER + name)) {
      if (stream == null) {
        throw new IllegalStateException("Migration file " + name + " is missing in the jar");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String checksum(String script) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static IllegalStateException failure(String what, SQLException e) {
    return new IllegalStateException(what + ": " + e.getMessage(), e);
  }
}
