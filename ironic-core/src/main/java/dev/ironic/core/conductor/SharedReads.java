package dev.ironic.core.conductor;

import dev.ironic.driver.DriverException;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Questions to one management controller that are under way: who asks the same meanwhile gets the
 * same answer, unless something was changed since. Thread-safe.
 */
final class SharedReads {

  private final String controller;
  private final Map<Object, CompletableFuture<@Nullable Object>> underWay =
      new ConcurrentHashMap<>();

  SharedReads(String controller) {
    this.controller = controller;
  }

  /** Asks, or waits for the answer that somebody else is about to get. */
  @SuppressWarnings("unchecked") // equal questions have answers of one type
  <T> T ask(Object question, Supplier<T> read) {
    while (true) {
      var mine = new CompletableFuture<@Nullable Object>();
      CompletableFuture<@Nullable Object> other = underWay.putIfAbsent(question, mine);
      if (other == null) {
        return ask(question, mine, read);
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

  private <T> T ask(Object question, CompletableFuture<@Nullable Object> mine, Supplier<T> read) {
    try {
      T answer = read.get();
      mine.complete(answer);
      return answer;
    } catch (DriverException e) {
      if (!Thread.currentThread().isInterrupted()) {
        mine.completeExceptionally(e);
      }
      throw e;
    } finally {
      underWay.remove(question, mine);
      mine.cancel(false);
    }
  }

  /** Something was changed: reads under way may not have seen it, so nobody joins them any more. */
  void forget() {
    underWay.clear();
  }
}
