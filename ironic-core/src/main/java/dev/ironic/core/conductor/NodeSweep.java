package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
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

  /**
   * Gives each node its turn, and returns when all turns have ended. The calling thread takes part,
   * so that it goes on even while no worker is free.
   *
   * @param name for logs and thread dumps
   * @param parallel how many turns at a time
   */
  void all(String name, Collection<Node> nodes, int parallel, Consumer<Node> turn) {
    Queue<Node> queue = new ConcurrentLinkedQueue<>(nodes);
    CompletableFuture<Void> others = start(name, queue, Math.min(parallel, nodes.size()) - 1, turn);
    work(name, queue, turn);
    await(others);
  }

  /**
   * The same for as long as there is time; turns that are under way when it is over end by
   * themselves. The calling thread only waits.
   *
   * @param patience how long at most
   * @return how many nodes have had no turn
   */
  int within(
      Duration patience, String name, Collection<Node> nodes, int parallel, Consumer<Node> turn) {
    Queue<Node> queue = new ConcurrentLinkedQueue<>(nodes);
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
      String name, Queue<Node> queue, int helpers, Consumer<Node> turn) {
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

  private void work(String name, Queue<Node> queue, Consumer<Node> turn) {
    while (!stopped.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
      Node node = queue.poll();
      if (node == null) {
        return;
      }
      try {
        turn.accept(node);
      } catch (IronicException e) {
        skipped(name, node, e);
      } catch (RuntimeException e) {
        LOG.warn("Node {} has no part in this round of '{}'", node.uuid(), name, e);
      }
    }
  }

  /** A node that is busy or gone is nothing to speak of. */
  private static void skipped(String name, Node node, IronicException e) {
    if (e.fault() == Fault.NODE_LOCKED || e.fault() == Fault.NODE_NOT_FOUND) {
      LOG.debug("Node {} has no part in this round of '{}'", node.uuid(), name, e);
    } else {
      LOG.warn("Node {} has no part in '{}': {}", node.uuid(), name, e.getMessage());
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
