package dev.ironic.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.ConductorRecord;
import dev.ironic.core.model.Node;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ConcurrencyTest {

  private static void together(int threads, Runnable work)
      throws InterruptedException, ExecutionException {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var results = new ArrayList<Future<?>>();
      for (int i = 0; i < threads; i++) {
        results.add(executor.submit(work));
      }
      for (Future<?> result : results) {
        result.get();
      }
    }
  }

  /** Increments a number in the node as often as it gets the lock; returns how often. */
  private static int count(Store store, String uuid, String holder, int rounds) {
    int done = 0;
    for (int i = 0; i < rounds; i++) {
      try {
        NodeLock lock = store.nodes().reserve(uuid, holder);
        Node before = store.nodes().get(uuid);
        int next = before.description() == null ? 1 : Integer.parseInt(before.description()) + 1;
        store.nodes().update(lock, before, before.with(b -> b.description("" + next)));
        store.nodes().release(lock);
        done++;
      } catch (IronicException e) {
        assertThat(e.fault()).isEqualTo(Fault.NODE_LOCKED);
      }
    }
    return done;
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aLockHasOneHolder(Engine engine) throws Exception {
    try (Store store = engine.open(Clock.systemUTC())) {
      Node node = store.nodes().insert(Drafts.node());
      var done = new AtomicInteger();
      together(16, () -> done.addAndGet(count(store, node.uuid(), "same", 20)));
      Node last = store.nodes().get(node.uuid());
      assertThat(last.description()).isEqualTo(String.valueOf(done.get()));
      assertThat(last.fence()).isEqualTo(done.get());
      assertThat(last.reservation()).isNull();
    }
  }

  /** Of many that see the same, one gets the name: whether nobody had it, or one who is over. */
  @ParameterizedTest
  @EnumSource(Engine.class)
  void aNameHasOneHolder(Engine engine, @TempDir Path folder) throws Exception {
    DatabaseUrl url =
        engine == Engine.SQLITE
            ? new DatabaseUrl.Sqlite(folder.resolve("shared.sqlite"))
            : engine.freshDatabase();
    try (Store one = SqlStore.open(url, Clock.systemUTC());
        Store two = SqlStore.open(url, Clock.systemUTC())) {
      for (int round = 0; round < 20; round++) {
        ConductorRecord seen = one.conductors().find("same").orElse(null);
        String winner = onlyWinner(List.of(one, two), round, seen);
        assertThat(two.conductors().get("same").incarnation()).isEqualTo(winner);
        if (round % 3 == 0) {
          one.conductors().retire("same", winner);
        } else if (round % 3 == 1) {
          one.conductors().delete(one.conductors().get("same"));
        }
      }
    }
  }

  private static String onlyWinner(List<Store> stores, int round, @Nullable ConductorRecord seen)
      throws InterruptedException, ExecutionException {
    var number = new AtomicInteger();
    var winners = new ConcurrentLinkedQueue<String>();
    together(
        8,
        () -> {
          int mine = number.incrementAndGet();
          String self = round + "." + mine;
          try {
            stores
                .get(mine % stores.size())
                .conductors()
                .register("same", "", List.of("ipmi"), List.of(), self, seen);
            winners.add(self);
          } catch (IronicException e) {
            assertThat(e.fault()).isEqualTo(Fault.ALREADY_EXISTS);
          }
        });
    assertThat(winners).hasSize(1);
    return winners.element();
  }

  @Test
  void twoStoresOnOneFileNeverFindItLocked(@TempDir Path folder) throws Exception {
    var url = new DatabaseUrl.Sqlite(folder.resolve("shared.sqlite"));
    try (Store one = SqlStore.open(url, Clock.systemUTC());
        Store two = SqlStore.open(url, Clock.systemUTC())) {
      List<Node> nodes =
          List.of(one.nodes().insert(Drafts.node()), two.nodes().insert(Drafts.node()));
      var done = new AtomicInteger();
      together(
          8,
          () -> {
            for (Node node : nodes) {
              done.addAndGet(count(one, node.uuid(), "one", 10));
              done.addAndGet(count(two, node.uuid(), "two", 10));
            }
          });
      long fences = one.nodes().list(Query.ALL).stream().mapToLong(Node::fence).sum();
      assertThat(fences).isEqualTo(done.get());
    }
  }

  @Test
  void aFileOutlivesItsStore(@TempDir Path folder) {
    DatabaseUrl url = DatabaseUrl.parse("sqlite:///" + folder.resolve("new/deep.sqlite"));
    Node node = Drafts.node();
    try (Store store = SqlStore.open(url, Clock.systemUTC())) {
      store.nodes().insert(node);
    }
    try (Store store = SqlStore.open(url, Clock.systemUTC())) {
      assertThat(store.nodes().find(node.uuid())).isPresent();
    }
  }
}
