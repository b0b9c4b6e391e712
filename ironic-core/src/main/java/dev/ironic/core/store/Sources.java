package dev.ironic.core.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;

/**
 * Where connections come from, and what to do when no more are needed.
 *
 * @param source gives connections
 * @param readers how many connections to keep for reading; 0 where the source keeps them itself
 */
record Sources(DataSource source, int readers, Runnable onClose) implements AutoCloseable {

  /** Native calls hold a carrier thread, so more readers than this would only wait elsewhere. */
  private static final int SQLITE_READERS = 4;

  /** For each connection; the tables of ten thousand nodes and their indexes take about 20 MiB. */
  private static final int SQLITE_CACHE_KIB = 8192;

  private static final int POSTGRESQL_CONNECTIONS = 20;
  private static final int BUSY_TIMEOUT_MILLIS = 10_000;

  static Sources open(DatabaseUrl url) {
    return switch (url) {
      case DatabaseUrl.Sqlite sqlite -> open(sqlite);
      case DatabaseUrl.Postgresql postgresql -> open(postgresql);
    };
  }

  private static Sources open(DatabaseUrl.Sqlite url) {
    Path file = url.file();
    try {
      if (file == null) {
        Path folder = Files.createTempDirectory("ironic-");
        return new Sources(
            sqlite(folder.resolve("ironic.sqlite")), SQLITE_READERS, () -> removeFolder(folder));
      }
      Path parent = file.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      return new Sources(sqlite(file), SQLITE_READERS, () -> {});
    } catch (IOException e) {
      throw new IllegalStateException("Cannot create the database file " + file, e);
    }
  }

  private static DataSource sqlite(Path file) {
    var settings = new SQLiteConfig();
    settings.setJournalMode(JournalMode.WAL);
    settings.setSynchronous(SynchronousMode.NORMAL);
    settings.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    settings.enforceForeignKeys(true);
    settings.setCacheSize(-SQLITE_CACHE_KIB);
    var connections = new SQLiteDataSource(settings);
    connections.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
    return connections;
  }

  private static Sources open(DatabaseUrl.Postgresql url) {
    var properties = new Properties();
    properties.putAll(url.parameters());
    // The server's details quote whole rows, credentials included.
    properties.setProperty("logServerErrorDetail", "false");
    var config = new HikariConfig();
    config.setPoolName("ironic-postgresql");
    config.setJdbcUrl("jdbc:postgresql://" + url.host() + ":" + url.port() + "/" + url.name());
    config.setUsername(url.user());
    var password = url.password();
    if (password != null) {
      config.setPassword(password.reveal());
    }
    config.setDataSourceProperties(properties);
    config.setMaximumPoolSize(POSTGRESQL_CONNECTIONS);
    config.setMinimumIdle(2);
    try {
      HikariDataSource pool = new HikariDataSource(config);
      return new Sources(pool, 0, pool::close);
    } catch (PoolInitializationException e) {
      throw new IllegalStateException(
          "Cannot connect to PostgreSQL at %s:%d, database %s: %s"
              .formatted(url.host(), url.port(), url.name(), e.getMessage()),
          e);
    }
  }

  private static void removeFolder(Path folder) {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove the temporary database " + folder, e);
    }
  }

  @Override
  public void close() {
    onClose.run();
  }
}
