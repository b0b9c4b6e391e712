package dev.ironic.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.driver.Secret;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DatabaseUrlTest {

  @Test
  void readsTheSpellingsOfSqlite() {
    assertThat(DatabaseUrl.parse("sqlite:////var/lib/ironic/ironic.sqlite"))
        .isEqualTo(new DatabaseUrl.Sqlite(Path.of("/var/lib/ironic/ironic.sqlite")));
    assertThat(DatabaseUrl.parse("sqlite:///ironic.sqlite"))
        .isEqualTo(new DatabaseUrl.Sqlite(Path.of("ironic.sqlite")));
    assertThat(DatabaseUrl.parse("sqlite://")).isEqualTo(new DatabaseUrl.Sqlite(null));
    assertThat(DatabaseUrl.parse("sqlite:///:memory:")).isEqualTo(new DatabaseUrl.Sqlite(null));
  }

  @Test
  void readsTheSpellingsOfPostgresql() {
    assertThat(
            DatabaseUrl.parse(
                "postgresql+psycopg2://iro%40nic:p%2Fw+1@db:6432/bare?sslmode=require"))
        .isEqualTo(
            new DatabaseUrl.Postgresql(
                "db", 6432, "bare", "iro@nic", Secret.of("p/w+1"), Map.of("sslmode", "require")));
    assertThat(DatabaseUrl.parse("postgresql://[::1]/bare"))
        .isEqualTo(new DatabaseUrl.Postgresql("[::1]", 5432, "bare", null, null, Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://ironic:hush hush@db/bare",
        "postgresql://ironic:hush@/bare",
        "postgresql://ironic:hush@db",
        "mysql+pymysql://ironic:hush@db/bare",
        "ironic:hush@db/bare"
      })
  void refusesOthersWithoutShowingThePassword(String url) {
    assertThatThrownBy(() -> DatabaseUrl.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[database] connection")
        .hasNoCause()
        .message()
        .doesNotContain("hush");
  }

  @Test
  void hidesThePassword() {
    assertThat(DatabaseUrl.parse("postgresql://ironic:hush@db/bare").toString())
        .contains("ironic")
        .doesNotContain("hush");
  }
}
