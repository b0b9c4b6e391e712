package dev.ironic.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements that are used again behave as new ones. */
class PreparedStatementsTest {

  private static final String INSERT = "INSERT INTO t (id, name) VALUES (?, ?)";

  @TempDir Path folder;

  private Database open() {
    var database =
        new Database(
            Sources.open(DatabaseUrl.parse("sqlite:///" + folder.resolve("statements.sqlite"))));
    database.write(handle -> handle.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)"));
    return database;
  }

  private static int insert(Handle handle, long id, Object name) {
    return new Sql(Dialect.SQLITE).add(INSERT, id, name).run(handle);
  }

  private static java.util.List<String> names(Handle handle) {
    return new Sql(Dialect.SQLITE)
        .add("SELECT name FROM t ORDER BY id")
        .list(handle, (row, context) -> String.valueOf(row.getString(1)));
  }

  @Test
  void aStatementForgetsItsArguments() {
    try (var database = open()) {
      database.write(handle -> insert(handle, 1, "a"));
      database.write(handle -> insert(handle, 2, null));
      assertThat(database.read(PreparedStatementsTest::names)).containsExactly("a", "null");
    }
  }

  @Test
  void aStatementThatFailedWorksTheNextTime() {
    try (var database = open()) {
      database.write(handle -> insert(handle, 1, "a"));
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> database.write(handle -> insert(handle, 1, "b")))
            .isInstanceOf(JdbiException.class)
            .hasStackTraceContaining("constraint");
      }
      database.write(handle -> insert(handle, 2, "c"));
      assertThat(database.read(PreparedStatementsTest::names)).containsExactly("a", "c");
    }
  }

  @Test
  void aTextMayBeUsedWhileItIsInUse() {
    try (var database = open()) {
      database.write(handle -> insert(handle, 1, "a"));
      database.write(handle -> insert(handle, 2, "b"));
      var inner = new ArrayList<String>();
      var outer =
          database.write(
              handle ->
                  new Sql(Dialect.SQLITE)
                      .add("SELECT name FROM t ORDER BY id")
                      .list(
                          handle,
                          (row, context) -> {
                            inner.addAll(names(handle));
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
        int before = first.write(PreparedStatementsTest::names).size();
        second.write(handle -> insert(handle, n, "second"));
        assertThat(first.write(PreparedStatementsTest::names)).hasSize(before + 1);
        first.write(handle -> insert(handle, n + 1, "first"));
        assertThat(second.write(PreparedStatementsTest::names)).hasSize(before + 2);
      }
    }
  }

  @Test
  void manyTextsAreNoMoreThanMany() {
    try (var database = open()) {
      for (int i = 0; i < 1000; i++) {
        long n = i;
        database.write(
            handle ->
                new Sql(Dialect.SQLITE).add("INSERT INTO t (id) VALUES (" + n + ")").run(handle));
      }
      assertThat(database.read(PreparedStatementsTest::names)).hasSize(1000);
    }
  }
}
