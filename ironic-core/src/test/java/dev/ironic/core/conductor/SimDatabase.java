package dev.ironic.core.conductor;

import dev.ironic.core.store.DatabaseUrl;
import dev.ironic.core.store.SqlStore;
import dev.ironic.core.store.Store;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** A database for one world after another, since making one anew takes longer than most worlds. */
final class SimDatabase implements AutoCloseable {

  private final Path file;
  private final Store store;
  private final SimAudit audit;
  private InstantSource time = InstantSource.system();

  SimDatabase(Path folder, int number) {
    file = folder.resolve("simulation-" + number + ".sqlite");
    store =
        SqlStore.open(
            DatabaseUrl.parse("sqlite:///" + file.toAbsolutePath()),
            new Clock() {
              @Override
              public Instant instant() {
                return time.instant();
              }

              @Override
              public ZoneId getZone() {
                return ZoneOffset.UTC;
              }

              @Override
              public Clock withZone(ZoneId zone) {
                return this;
              }
            });
    audit = SimAudit.of(file);
  }

  /** What was written to it in the world that it was last given to. */
  SimAudit audit() {
    return audit;
  }

  /** The store, empty, in the time of a world. */
  Store of(InstantSource world) {
    time = world;
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.execute("PRAGMA synchronous = OFF");
      statement.execute("BEGIN IMMEDIATE");
      for (String table : tables(statement)) {
        statement.execute("DELETE FROM \"" + table + "\"");
      }
      // Row numbers begin anew, too.
      statement.execute("DELETE FROM sqlite_sequence");
      statement.execute("COMMIT");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return store;
  }

  private static List<String> tables(Statement statement) throws SQLException {
    var names = new ArrayList<String>();
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
                + " AND name NOT IN ('schema_version', 'sqlite_sequence')")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  @Override
  public void close() {
    store.close();
  }
}
