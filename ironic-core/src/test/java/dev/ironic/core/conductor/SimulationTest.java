package dev.ironic.core.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.model.Flow;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Conductors that crash, pause, lose the database and leave, while nodes go through their lives: in
 * the end every node is where its client wanted it. {@code -Dironic.simulation.seeds} says how many
 * worlds are tried, {@code -Dironic.simulation.seed} which one is the first, {@code
 * -Dironic.simulation.rich} that each so many worlds one is richer: ramdisks take time and report,
 * deployments are aborted, and namesakes start. A seed, and whether its world is rich, is all it
 * needs to see a world again.
 */
class SimulationTest {

  private static final int SEEDS = Integer.getInteger("ironic.simulation.seeds", 1000);
  private static final long FIRST = Long.getLong("ironic.simulation.seed", 1);

  /** Each so many worlds one is richer, and takes as long as two. */
  private static final long RICH = Long.getLong("ironic.simulation.rich", 10);

  private static final Executor THREADS = work -> Thread.ofPlatform().start(work);
  private static final Duration LIMIT = Duration.ofMinutes(45);

  @TempDir private Path folder;

  /** Runs a world; returns all that happened, in order. */
  private static List<String> live(long seed, SimDatabase database) {
    var world = new SimWorld(seed, LIMIT);
    Store store = database.of(world::now);
    try {
      var cluster = new SimCluster(world, store, seed % RICH == 0);
      int conductors = 2 + world.random().nextInt(2);
      for (int i = 1; i <= conductors; i++) {
        cluster.boot("cond-" + i);
      }
      var api = new SimHost(world, "api", 0, Duration.ZERO, store);
      var clients = new ArrayList<SimClient>();
      int nodes = 2 + world.random().nextInt(3);
      for (int i = 1; i <= nodes; i++) {
        var client = new SimClient(cluster, world, api.store(), "client-" + i);
        clients.add(client);
        world.start(client.toString(), null, client);
        if (cluster.isRich()) {
          world.start("agent-" + i, null, client::agent);
        }
      }
      world.start("trouble", null, cluster::trouble);
      world.start("end", null, () -> awaitEnd(world, cluster, clients));
      world.run();
      check(world, store, clients);
      check(database.audit());
      return world.trace();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } catch (AssertionError e) {
      throw new AssertionError(
          "World -Dironic.simulation.seed=%d -Dironic.simulation.seeds=1 -Dironic.simulation.rich=%d: %s%nAll that happened is in %s"
              .formatted(seed, RICH, e.getMessage(), written(seed, world.trace())),
          e);
    }
  }

  private static Path written(long seed, List<String> trace) {
    try {
      return Files.write(Path.of("target", "simulation-" + seed + ".txt"), trace);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaitEnd(SimWorld world, SimCluster cluster, List<SimClient> clients) {
    try {
      while (cluster.isTroubled() || !clients.stream().allMatch(SimClient::isDone)) {
        world.sleep(Duration.ofSeconds(5));
      }
      // Time for what is left behind to be found.
      world.sleep(Duration.ofMinutes(3));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    world.end();
  }

  private static void check(SimWorld world, Store store, List<SimClient> clients) {
    for (SimClient client : clients) {
      Node node = store.nodes().get(client.uuid());
      assertThat(client.isDone())
          .as("%s: %s, lock %s, flows %s", client, node, node.reservation(), flows(store, node))
          .isTrue();
      assertThat(node.reservation()).as("lock of %s", node).isNull();
      assertThat(node.targetPowerState()).as("power target of %s", node).isNull();
      assertThat(node.maintenance()).as("maintenance of %s", node).isFalse();
      assertThat(node.provisionState()).as("state of %s", node).isEqualTo(ProvisionState.AVAILABLE);
      assertThat(store.flows().living(node.id())).as("flow of %s", node).isEmpty();
    }
    assertThat(store.flows().idleNodes(Flow.State.RUNNING)).isEmpty();
    assertThat(world.hasEnded()).isTrue();
  }

  /** A flow fails where a step that must not run twice was cut short, and nowhere else. */
  private static void check(SimAudit audit) {
    assertThat(audit.complaints()).as("what must not have been written").isEmpty();
    assertThat(audit.failures())
        .as("flows that failed")
        .allMatch(failure -> failure.contains("must not run twice"));
  }

  private static List<String> flows(Store store, Node node) {
    return store.flows().ofNode(node.id(), 3).stream()
        .map(
            flow ->
                "%s %s at step %d by %s, %s"
                    .formatted(
                        flow.kind(), flow.state(), flow.cursor(), flow.conductor(), flow.context()))
        .toList();
  }

  /** The worlds are independent of each other, so each processor takes its share. */
  @Test
  void everyNodeGetsWhereItsClientWantsIt() {
    int share = Math.max(1, Runtime.getRuntime().availableProcessors());
    var next = new AtomicLong(FIRST);
    var events = new AtomicLong();
    List<CompletableFuture<Void>> workers =
        IntStream.range(0, share)
            .mapToObj(
                worker -> CompletableFuture.runAsync(() -> liveAll(worker, next, events), THREADS))
            .toList();
    workers.forEach(CompletableFuture::join);
    System.out.printf(
        "%d worlds from -Dironic.simulation.seed=%d, %d events%n", SEEDS, FIRST, events.get());
  }

  private void liveAll(int worker, AtomicLong next, AtomicLong events) {
    try (var database = new SimDatabase(folder, worker)) {
      for (long seed = next.getAndIncrement();
          seed < FIRST + SEEDS;
          seed = next.getAndIncrement()) {
        events.addAndGet(live(seed, database).size());
      }
    } finally {
      // When one world has failed there is no need for more.
      next.addAndGet(SEEDS);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 7, 10, 1234, 99999})
  void aSeedIsAllThatAWorldNeeds(long seed) {
    try (var database = new SimDatabase(folder, 0)) {
      assertThat(live(seed, database)).isEqualTo(live(seed, database)).hasSizeGreaterThan(100);
    }
  }
}
