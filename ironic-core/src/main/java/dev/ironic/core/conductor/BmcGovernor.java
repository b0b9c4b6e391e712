package dev.ironic.core.conductor;

import dev.ironic.driver.BmcCalls;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Calls of a conductor to management controllers. Controllers are remembered only while they are
 * called, or do not answer. Thread-safe.
 */
final class BmcGovernor implements BmcCalls {

  private final BmcOptions options;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Map<String, BmcController> controllers = new ConcurrentHashMap<>();
  private final Map<Question, CompletableFuture<@Nullable Object>> reads =
      new ConcurrentHashMap<>();

  private record Question(String controller, Object question) {}

  /**
   * Creates one.
   *
   * @param random spreads the moments at which controllers are tried again
   */
  BmcGovernor(BmcOptions options, InstantSource clock, RandomGenerator random) {
    this.options = options;
    this.clock = clock;
    this.random = random;
  }

  @Override
  public <T> T call(NodeTask task, String controller, Supplier<T> call) {
    BmcController entered =
        controllers.compute(
            controller,
            (name, known) ->
                (known == null ? new BmcController(name, options, clock, random) : known).enter());
    try {
      return entered.call(
          () -> {
            task.requireOwner();
            return call.get();
          });
    } finally {
      controllers.computeIfPresent(controller, (name, known) -> known.leave() ? null : known);
    }
  }

  @Override
  @SuppressWarnings("unchecked") // equal questions have answers of one type
  public <T> T read(NodeTask task, String controller, Object question, Supplier<T> call) {
    var key = new Question(controller, question);
    while (true) {
      var mine = new CompletableFuture<@Nullable Object>();
      CompletableFuture<@Nullable Object> other = reads.putIfAbsent(key, mine);
      if (other == null) {
        return ask(task, key, mine, call);
      }
      try {
        return (T) other.get();
      } catch (CancellationException e) {
        // Who asked was cut short; that says nothing about the controller.
      } catch (ExecutionException e) {
        if (e.getCause() instanceof DriverException failure) {
          throw new DriverException(failure.kind(), String.valueOf(failure.getMessage()), failure);
        }
        throw new IllegalStateException("A call ended with an error of its own", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw DriverException.failed("Interrupted while waiting for the BMC " + controller, e);
      }
    }
  }

  private <T> T ask(
      NodeTask task, Question key, CompletableFuture<@Nullable Object> mine, Supplier<T> call) {
    try {
      T answer = call(task, key.controller(), call);
      mine.complete(answer);
      return answer;
    } catch (DriverException e) {
      if (!Thread.currentThread().isInterrupted()) {
        mine.completeExceptionally(e);
      }
      throw e;
    } finally {
      reads.remove(key, mine);
      mine.cancel(false);
    }
  }

  /** How many controllers are remembered. */
  int known() {
    return controllers.size();
  }
}
