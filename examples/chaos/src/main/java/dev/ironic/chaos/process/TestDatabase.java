package dev.ironic.chaos.process;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL server of our own, empty at the start. Thread-safe. */
public final class TestDatabase implements AutoCloseable {

  /** Stands between the columns of {@link #rows}. */
  public static final String BAR = " | ";

  /** Each service may keep twenty. */
  private static final int CONNECTIONS = 250;

  private final EmbeddedPostgres server;

  private TestDatabase(EmbeddedPostgres server) {
    this.server = server;
  }

  /**
   * Starts it.
   *
   * @throws IOException when none starts here
   */
  public static TestDatabase start() throws IOException {
    // Nothing has to survive the machine, and a checkpoint at the end would take long.
    return new TestDatabase(
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "off")
            .setServerConfig("full_page_writes", "off")
            .setServerConfig("synchronous_commit", "off")
            .setServerConfig("max_connections", Integer.toString(CONNECTIONS))
            .start());
  }

  /** Where it listens. */
  public int port() {
    return server.getPort();
  }

  /**
   * The value of {@code [database] connection}.
   *
   * @param port its own, or that of a proxy before it
   */
  public static String url(int port) {
    return "postgresql://postgres@127.0.0.1:%d/postgres".formatted(port);
  }

  /** Runs a query and gives the rows, columns with {@link #BAR} between them. */
  public List<String> rows(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      var rows = new ArrayList<String>();
      while (result.next()) {
        var row = new ArrayList<String>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(String.valueOf(result.getString(i)));
        }
        rows.add(String.join(BAR, row));
      }
      return rows;
    }
  }

  /** Changes something behind the services' backs. */
  public int update(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres", "postgres", null);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
