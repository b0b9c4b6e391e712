package dev.ironic.core.conductor;

import dev.ironic.driver.BmcCalls;
import dev.ironic.driver.NodeTask;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Calls of a conductor to management controllers. Controllers are remembered only while they are
 * called, and for a while when they have not answered. Thread-safe.
 */
final class BmcGovernor implements BmcCalls {

  /** For how long it counts that one has not answered, from the end of its pause on. */
  private static final Duration MEMORY = Duration.ofMinutes(10);

  private final BmcOptions options;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Map<String, BmcController> controllers = new ConcurrentHashMap<>();
  private final AtomicReference<Instant> nextTidying;

  /**
   * Creates one.
   *
   * @param random spreads the moments at which controllers are tried again
   */
  BmcGovernor(BmcOptions options, InstantSource clock, RandomGenerator random) {
    this.options = options;
    this.clock = clock;
    this.random = random;
    nextTidying = new AtomicReference<>(clock.instant());
  }

  @Override
  public <T> T call(NodeTask task, String controller, Supplier<T> call) {
    return with(controller, entered -> entered.call(owned(task, call)));
  }

  @Override
  public <T> T read(NodeTask task, String controller, Object question, Supplier<T> call) {
    return with(controller, entered -> entered.read(question, owned(task, call)));
  }

  private static <T> Supplier<T> owned(NodeTask task, Supplier<T> call) {
    return () -> {
      task.requireOwner();
      return call.get();
    };
  }

  private <T> T with(String controller, Function<BmcController, T> use) {
    tidyUp();
    BmcController entered =
        controllers.compute(
            controller,
            (name, known) ->
                (known == null ? new BmcController(name, options, clock, random) : known).enter());
    try {
      return use.apply(entered);
    } finally {
      controllers.computeIfPresent(controller, (name, known) -> known.leave() ? null : known);
    }
  }

  /**
   * Who calls now and then tidies up for all: nodes go, and nobody calls their controllers again.
   */
  private void tidyUp() {
    Instant now = clock.instant();
    Instant due = nextTidying.get();
    if (!now.isBefore(due) && nextTidying.compareAndSet(due, now.plus(MEMORY))) {
      Instant old = now.minus(MEMORY);
      for (String controller : controllers.keySet()) {
        controllers.computeIfPresent(
            controller, (name, known) -> known.isIdleSince(old) ? null : known);
      }
    }
  }

  /** How many controllers are remembered. */
  int known() {
    return controllers.size();
  }
}
