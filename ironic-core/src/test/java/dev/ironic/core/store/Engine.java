package dev.ironic.core.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The databases that the suite runs on. The system property {@code ironic.test.postgres} names a
 * PostgreSQL server ({@code postgresql://user:password@host:port/name}) to use instead of an
 * embedded one.
 */
enum Engine {
  SQLITE {
    @Override
    DatabaseUrl freshDatabase() {
      return DatabaseUrl.parse("sqlite://");
    }
  },
  POSTGRESQL {
    @Override
    DatabaseUrl freshDatabase() {
      String given = System.getProperty("ironic.test.postgres");
      DatabaseUrl.Postgresql server =
          (DatabaseUrl.Postgresql) DatabaseUrl.parse(given != null ? given : Embedded.url());
      String name = "ironic_" + UUID.randomUUID().toString().replace("-", "");
      try (Connection connection = connect(server);
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE " + name);
      } catch (SQLException e) {
        throw new IllegalStateException("Cannot create a database on " + server.host(), e);
      }
      return new DatabaseUrl.Postgresql(
          server.host(),
          server.port(),
          name,
          server.user(),
          server.password(),
          server.parameters());
    }
  };

  /** Names an empty database of its own. */
  abstract DatabaseUrl freshDatabase();

  /** Opens a store on an empty database. */
  SqlStore open(Clock clock) {
    return SqlStore.open(freshDatabase(), clock);
  }

  private static Connection connect(DatabaseUrl.Postgresql url) throws SQLException {
    var password = url.password();
    return DriverManager.getConnection(
        "jdbc:postgresql://" + url.host() + ":" + url.port() + "/" + url.name(),
        url.user(),
        password == null ? null : password.reveal());
  }

  /** One server for the test process, which stops with it. */
  private static final class Embedded {

    private static final @Nullable EmbeddedPostgres SERVER = start();

    private static @Nullable EmbeddedPostgres start() {
      try {
        // Nothing has to survive, and a checkpoint at the end would take longer than the tests.
        return EmbeddedPostgres.builder()
            .setServerConfig("fsync", "off")
            .setServerConfig("full_page_writes", "off")
            .setServerConfig("synchronous_commit", "off")
            .start();
      } catch (IOException | RuntimeException e) {
        System.err.println("NO POSTGRESQL: its tests are skipped, since no server starts: " + e);
        return null;
      }
    }

    private static String url() {
      Assumptions.assumeTrue(
          SERVER != null,
          "No PostgreSQL server starts here; name one with -Dironic.test.postgres=URL");
      return "postgresql://postgres@localhost:" + SERVER.getPort() + "/postgres";
    }
  }
}
