package dev.ironic.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements that are used again behave as new ones. */
class SessionTest {

  private static final String INSERT = "INSERT INTO t (id, name) VALUES (?, ?)";

  @TempDir Path folder;

  private Database open() {
    var database =
        new Database(
            Sources.open(DatabaseUrl.parse("sqlite:///" + folder.resolve("statements.sqlite"))));
    database.write(
        session ->
            new Sql(Dialect.SQLITE)
                .add("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)")
                .run(session));
    return database;
  }

  private static int insert(Session session, long id, Object name) {
    return new Sql(Dialect.SQLITE).add(INSERT, id, name).run(session);
  }

  private static java.util.List<String> names(Session session) {
    return new Sql(Dialect.SQLITE)
        .add("SELECT name FROM t ORDER BY id")
        .list(session, row -> String.valueOf(row.getString(1)));
  }

  @Test
  void aStatementForgetsItsArguments() {
    try (var database = open()) {
      database.write(session -> insert(session, 1, "a"));
      database.write(session -> insert(session, 2, null));
      assertThat(database.read(SessionTest::names)).containsExactly("a", "null");
    }
  }

  @Test
  void aStatementThatFailedWorksTheNextTime() {
    try (var database = open()) {
      database.write(session -> insert(session, 1, "a"));
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> database.write(session -> insert(session, 1, "b")))
            .isInstanceOf(DatabaseException.class)
            .hasStackTraceContaining("constraint");
      }
      database.write(session -> insert(session, 2, "c"));
      assertThat(database.read(SessionTest::names)).containsExactly("a", "c");
    }
  }

  @Test
  void aTextMayBeUsedWhileItIsInUse() {
    try (var database = open()) {
      database.write(session -> insert(session, 1, "a"));
      database.write(session -> insert(session, 2, "b"));
      var inner = new ArrayList<String>();
      var outer =
          database.write(
              session ->
                  new Sql(Dialect.SQLITE)
                      .add("SELECT name FROM t ORDER BY id")
                      .list(
                          session,
                          row -> {
                            inner.addAll(names(session));
                            return row.getString(1);
                          }));
      assertThat(outer).containsExactly("a", "b");
      assertThat(inner).containsExactly("a", "b", "a", "b");
    }
  }

  /** A kept query that was not reset would hold its snapshot, and refuse or hide later writes. */
  @Test
  void aQueryThatIsKeptHoldsNoSnapshot() {
    try (var first = open();
        var second =
            new Database(
                Sources.open(
                    DatabaseUrl.parse("sqlite:///" + folder.resolve("statements.sqlite"))))) {
      for (int i = 1; i <= 20; i += 2) {
        long n = i;
        int before = first.write(SessionTest::names).size();
        second.write(session -> insert(session, n, "second"));
        assertThat(first.write(SessionTest::names)).hasSize(before + 1);
        first.write(session -> insert(session, n + 1, "first"));
        assertThat(second.write(SessionTest::names)).hasSize(before + 2);
      }
    }
  }

  @Test
  void manyTextsAreNoMoreThanMany() {
    try (var database = open()) {
      for (int i = 0; i < 1000; i++) {
        long n = i;
        database.write(
            session ->
                new Sql(Dialect.SQLITE).add("INSERT INTO t (id) VALUES (" + n + ")").run(session));
      }
      assertThat(database.read(SessionTest::names)).hasSize(1000);
    }
  }
}
