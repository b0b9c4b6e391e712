package dev.ironic.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers of SQLite that share a commit are as far apart as if each had one. */
final class SharedCommitTest {

  private static final int WRITERS = 200;

  @TempDir Path folder;

  private Database open() {
    return new Database(
        Sources.open(DatabaseUrl.parse("sqlite:///" + folder.resolve("shared.sqlite"))));
  }

  private static Database withTable(Database database) {
    return database.write(
        session -> {
          new Sql(Dialect.SQLITE).add("CREATE TABLE t (id INTEGER PRIMARY KEY)").run(session);
          return database;
        });
  }

  private static int insert(Session session, long id) {
    return new Sql(Dialect.SQLITE).add("INSERT INTO t (id) VALUES (?)", id).run(session);
  }

  private static List<Long> ids(Session session) {
    return new Sql(Dialect.SQLITE)
        .add("SELECT id FROM t ORDER BY id")
        .list(session, row -> row.getLong(1));
  }

  /** Writes two rows; every third writer fails between them. */
  private static long writePair(Database database, long i) {
    return database.write(
        session -> {
          insert(session, 2 * i);
          if (i % 3 == 0) {
            throw new IllegalArgumentException("writer " + i);
          }
          insert(session, 2 * i + 1);
          return i;
        });
  }

  @Test
  void whoFailsTakesNobodyAlong() throws Exception {
    try (Database database = withTable(open());
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var start = new CountDownLatch(1);
      var writers = new ArrayList<Future<Long>>();
      for (long i = 0; i < WRITERS; i++) {
        long number = i;
        writers.add(
            executor.submit(
                () -> {
                  start.await();
                  return writePair(database, number);
                }));
      }
      start.countDown();
      for (int i = 0; i < WRITERS; i++) {
        Future<Long> writer = writers.get(i);
        if (i % 3 == 0) {
          assertThatThrownBy(writer::get).hasRootCauseMessage("writer " + i);
        } else {
          assertThat(writer.get()).isEqualTo(i);
        }
      }
      List<Long> expected =
          LongStream.range(0, WRITERS)
              .filter(i -> i % 3 != 0)
              .flatMap(i -> LongStream.of(2 * i, 2 * i + 1))
              .boxed()
              .toList();
      assertThat(database.read(SharedCommitTest::ids)).isEqualTo(expected);
    }
  }

  /** Another connection sees a row as soon as its writer has been told of it. */
  @Test
  void whatIsAnsweredIsCommitted() throws Exception {
    try (Database database = withTable(open());
        Database other = open();
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var writers = new ArrayList<Future<Boolean>>();
      for (long i = 0; i < WRITERS; i++) {
        long id = i;
        writers.add(
            executor.submit(
                () -> {
                  database.write(session -> insert(session, id));
                  return other.read(SharedCommitTest::ids).contains(id);
                }));
      }
      for (Future<Boolean> writer : writers) {
        assertThat(writer.get()).isTrue();
      }
    }
  }

  @Test
  void whoComesAloneWaitsForNobody() {
    try (Database database = withTable(open());
        Database other = open()) {
      database.write(session -> insert(session, 1));
      assertThat(other.read(SharedCommitTest::ids)).containsExactly(1L);
      assertThatThrownBy(() -> database.write(session -> insert(session, 1)))
          .isInstanceOf(DatabaseException.class);
      database.write(session -> insert(session, 2));
      assertThat(other.read(SharedCommitTest::ids)).containsExactly(1L, 2L);
    }
  }
}
