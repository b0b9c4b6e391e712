package dev.ironic.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class MigrationsTest {

  @ParameterizedTest
  @EnumSource(Engine.class)
  void everyUpgradeKeepsTheDataAndLeadsToTheFreshSchema(Engine engine) throws SQLException {
    Set<String> fresh;
    try (Sources sources = Sources.open(engine.freshDatabase())) {
      assertThat(new Migrations(sources.source()).version()).isZero();
      assertThat(new Migrations(sources.source()).upgrade()).isEqualTo(Migrations.newest());
      fresh = columns(sources.source());
    }
    try (Sources sources = Sources.open(engine.freshDatabase())) {
      DataSource source = sources.source();
      var migrations = new Migrations(source);
      assertThat(migrations.upgradeTo(1)).isEqualTo(1);
      execute(
          source,
          "INSERT INTO nodes (uuid, name, driver, provision_state, conductor_group, version)"
              + " VALUES ('1be26c0b-03f2-4d2e-ae87-c02d7f33c123', 'old', 'ipmi', 'active', '',"
              + " '1.41')");
      for (int version = 2; version <= Migrations.newest(); version++) {
        assertThat(migrations.upgradeTo(version)).isEqualTo(version);
        assertThat(migrations.version()).isEqualTo(version);
      }
      assertThat(columns(source)).isEqualTo(fresh);
      try (Store store = SqlStore.open(source, Clock.systemUTC())) {
        assertThat(store.nodes().get("old").fence()).isZero();
        assertThat(store.nodes().reserve("old", "one").fence()).isEqualTo(1);
      }
    }
  }

  @Test
  void bothDatabasesHaveTheSameTables() throws SQLException {
    try (Sources sqlite = Sources.open(Engine.SQLITE.freshDatabase());
        Sources postgresql = Sources.open(Engine.POSTGRESQL.freshDatabase())) {
      new Migrations(sqlite.source()).upgrade();
      new Migrations(postgresql.source()).upgrade();
      Set<String> columns = columns(sqlite.source());
      assertThat(columns).isEqualTo(columns(postgresql.source()));
      assertThat(columns.stream().map(name -> name.replaceAll("\\..*", "")).distinct())
          .hasSize(21 + 2);
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void servicesThatStartTogetherUpgradeOnce(Engine engine) throws Exception {
    try (Sources sources = Sources.open(engine.freshDatabase());
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Callable<Integer> upgrade = () -> new Migrations(sources.source()).upgrade();
      for (var result : threads.invokeAll(IntStream.range(0, 4).mapToObj(i -> upgrade).toList())) {
        assertThat(result.get()).isEqualTo(Migrations.newest());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aChangedOrNewerSchemaIsRefused(Engine engine) throws SQLException {
    try (Sources sources = Sources.open(engine.freshDatabase())) {
      var migrations = new Migrations(sources.source());
      migrations.upgrade();
      execute(sources.source(), "UPDATE schema_version SET checksum = 'other' WHERE number = 1");
      assertThatThrownBy(migrations::upgrade)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("0001-tables");
      execute(sources.source(), "INSERT INTO schema_version VALUES (99, 'future', 'x')");
      assertThatThrownBy(migrations::upgrade)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("newer release");
    }
  }

  private static void execute(DataSource source, String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** All columns of all tables. */
  private static Set<String> columns(DataSource source) throws SQLException {
    var found = new TreeSet<String>();
    try (Connection connection = source.getConnection()) {
      DatabaseMetaData meta = connection.getMetaData();
      try (ResultSet columns = meta.getColumns(null, connection.getSchema(), "%", "%")) {
        while (columns.next()) {
          String table = columns.getString("TABLE_NAME");
          if (!table.startsWith("sqlite_") && !table.endsWith("_idx")) {
            found.add((table + "." + columns.getString("COLUMN_NAME")).toLowerCase(Locale.ROOT));
          }
        }
      }
    }
    return found;
  }
}
