package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works through many nodes with a few workers, so that a slow node holds up one of them and not all
 * that come after it. What a turn throws ends that turn alone: it is logged, unless the node was
 * locked or has been deleted. Thread-safe.
 *
 * @param stopped whether the conductor ends; no turn begins then
 */
record NodeSweep(Workers workers, Timers timers, BooleanSupplier stopped) {

  private static final Logger LOG = LoggerFactory.getLogger(NodeSweep.class);

  /** A turn that takes longer does not keep a place. */
  private static final Duration LONG = Duration.ofSeconds(5);

  /**
   * Gives each node its turn, and returns when all turns have ended but those that take very long;
   * these go on by themselves. The calling thread takes the turns when no worker is free.
   *
   * @param name for logs and thread dumps
   * @param nodes their UUIDs alone, since a round may take long and the nodes change meanwhile
   * @param parallel how many turns at a time, besides those that take very long
   */
  void all(String name, Collection<String> nodes, int parallel, Consumer<String> turn) {
    if (nodes.isEmpty()) {
      return;
    }
    var round = new Round(name, new ConcurrentLinkedQueue<>(nodes), turn);
    for (int i = 0; i < Math.min(parallel, nodes.size()); i++) {
      if (!round.startHelper()) {
        if (i == 0) {
          round.begin();
          round.work();
        }
        break;
      }
    }
    await(round.ended);
  }

  private enum Turn {
    TAKEN,
    OVER,
    /** It takes so long that another helper has taken over the place. */
    REPLACED
  }

  /** Turns that are shared by helpers; one whose turn takes very long is replaced. */
  private final class Round {

    private final String name;
    private final Queue<String> queue;
    private final Consumer<String> turn;
    private final AtomicInteger helpers = new AtomicInteger();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    Round(String name, Queue<String> queue, Consumer<String> turn) {
      this.name = name;
      this.queue = queue;
      this.turn = turn;
    }

    void begin() {
      helpers.incrementAndGet();
    }

    void end() {
      if (helpers.decrementAndGet() == 0) {
        ended.complete(null);
      }
    }

    boolean startHelper() {
      begin();
      boolean started = workers.tryStart(Workers.Share.NORMAL, name, this::work);
      if (!started) {
        end();
      }
      return started;
    }

    void work() {
      for (String node = next(); node != null; node = next()) {
        var state = new AtomicReference<>(Turn.TAKEN);
        timers.after(
            LONG,
            () -> {
              if (state.get() == Turn.TAKEN
                  && startHelper()
                  && state.compareAndSet(Turn.TAKEN, Turn.REPLACED)) {
                end();
              }
            });
        turn(name, node, turn);
        if (!state.compareAndSet(Turn.TAKEN, Turn.OVER)) {
          return;
        }
      }
      end();
    }

    private @Nullable String next() {
      return stopped.getAsBoolean() || Thread.currentThread().isInterrupted() ? null : queue.poll();
    }
  }

  /**
   * The same for as long as there is time; turns that are under way when it is over end by
   * themselves. The calling thread only waits.
   *
   * @param patience how long at most
   * @return how many nodes have had no turn
   */
  int within(
      Duration patience,
      String name,
      Collection<String> nodes,
      int parallel,
      Consumer<String> turn) {
    Queue<String> queue = new ConcurrentLinkedQueue<>(nodes);
    CompletableFuture<Void> ended = start(name, queue, Math.min(parallel, nodes.size()), turn);
    timers.after(patience, () -> ended.complete(null));
    await(ended);
    int left = 0;
    while (queue.poll() != null) {
      left++;
    }
    return left;
  }

  private CompletableFuture<Void> start(
      String name, Queue<String> queue, int helpers, Consumer<String> turn) {
    var all = new ArrayList<CompletableFuture<?>>();
    for (int i = 0; i < helpers; i++) {
      var one = new CompletableFuture<Void>();
      boolean started =
          workers.tryStart(
              Workers.Share.NORMAL,
              name,
              () -> {
                try {
                  work(name, queue, turn);
                } finally {
                  one.complete(null);
                }
              });
      if (!started) {
        break;
      }
      all.add(one);
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
  }

  private void work(String name, Queue<String> queue, Consumer<String> turn) {
    while (!stopped.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
      String node = queue.poll();
      if (node == null) {
        return;
      }
      turn(name, node, turn);
    }
  }

  private static void turn(String name, String node, Consumer<String> turn) {
    try {
      turn.accept(node);
    } catch (IronicException e) {
      skipped(name, node, e);
    } catch (RuntimeException e) {
      LOG.warn("Node {} has no part in this round of '{}'", node, name, e);
    }
  }

  /** A node that is busy or gone is nothing to speak of. */
  private static void skipped(String name, String node, IronicException e) {
    if (e.fault() == Fault.NODE_LOCKED || e.fault() == Fault.NODE_NOT_FOUND) {
      LOG.debug("Node {} has no part in this round of '{}'", node, name, e);
    } else {
      LOG.warn("Node {} has no part in '{}': {}", node, name, e.getMessage());
    }
  }

  private static void await(CompletableFuture<Void> ended) {
    try {
      ended.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("A helper ended with an exception that was not caught", e);
    }
  }
}
