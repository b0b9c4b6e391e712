package dev.ironic.core.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.conductor.LockQueue.Patience;
import dev.ironic.core.model.Node;
import dev.ironic.core.store.DatabaseUrl;
import dev.ironic.core.store.NodeLock;
import dev.ironic.core.store.SqlStore;
import dev.ironic.core.store.Store;
import dev.ironic.driver.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In which order the tasks of one conductor get a node's lock, and how long they wait for it. */
class LockQueueTest {

  private static final String US = "cond-1";
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Longer than any test takes. */
  private static final Duration AGE = Duration.ofMinutes(5);

  private final Store store = SqlStore.open(DatabaseUrl.parse("sqlite://"), Clock.systemUTC());
  private final HeldLocks held =
      new HeldLocks(new Lease(Duration.ZERO, Duration.ZERO, Clock.systemUTC()), Thread::sleep);
  private final String node =
      store.nodes().insert(Node.draft(UUID.randomUUID().toString(), "fake-hardware")).uuid();
  private final AtomicInteger asked = new AtomicInteger();
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    store.close();
  }

  private LockQueue queue(Sleeper sleeper, Supplier<Bell> bells, Duration interval) {
    return new LockQueue(held, sleeper, bells, 3, interval, uuid -> US);
  }

  /** In which everybody waits until the bell rings. */
  private LockQueue patient() {
    return queue(Thread::sleep, Bell::real, AGE);
  }

  /** In which waiting takes no time. */
  private LockQueue hasty() {
    return queue(pauses::add, () -> deaf(pauses::add), SECOND);
  }

  /** A bell that nobody hears. */
  private static Bell deaf(Sleeper sleeper) {
    return new Bell() {
      @Override
      public Duration await(Duration atMost) throws InterruptedException {
        sleeper.sleep(atMost);
        return Duration.ZERO;
      }

      @Override
      public void ring() {}
    };
  }

  /** Where a thread waits until it may go on. */
  private static final class Stop {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    void pass() {
      reached.countDown();
      try {
        open.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private NodeLock ask() {
    asked.incrementAndGet();
    NodeLock lock = store.nodes().take(node, US, "test").lock();
    held.add(lock);
    return lock;
  }

  private NodeLock lock(LockQueue queue, Patience patience) {
    return queue.inTurn(node, patience, this::ask);
  }

  private void release(LockQueue queue, NodeLock lock) {
    store.nodes().release(lock);
    held.remove(lock);
    queue.released(node);
  }

  /** A bell that is not heard at once. */
  private static Bell behind(Stop stop) {
    Bell real = Bell.real();
    return new Bell() {
      @Override
      public Duration await(Duration atMost) throws InterruptedException {
        stop.pass();
        return real.await(atMost);
      }

      @Override
      public void ring() {
        real.ring();
      }
    };
  }

  /** What a short change of a node does: nobody sees its lock. */
  private NodeLock inOneGo(LockQueue queue, Runnable work) {
    return queue.inOneGo(
        node,
        () ->
            store.inTransaction(
                () -> {
                  NodeLock lock = ask();
                  work.run();
                  release(queue, lock);
                  return lock;
                }));
  }

  private static <R> CompletableFuture<R> inBackground(Supplier<R> work) {
    return CompletableFuture.supplyAsync(work, task -> Thread.ofVirtual().start(task));
  }

  private static void assertLocked(CompletableFuture<?> refused) {
    assertThat(refused)
        .failsWithin(AGE)
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(
            IronicException.class, e -> assertThat(e.fault()).isEqualTo(Fault.NODE_LOCKED));
  }

  private CompletableFuture<NodeLock> inBackground(LockQueue queue, Patience patience) {
    return inBackground(() -> lock(queue, patience));
  }

  @Test
  void thoseWhoWaitGetTheLockInTheOrderInWhichTheyCame() {
    LockQueue queue = patient();
    NodeLock first = lock(queue, Patience.ALL);
    List<Integer> order = new CopyOnWriteArrayList<>();
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int number = i;
      Patience patience = i % 2 == 0 ? Patience.ALL : Patience.OUR_OWN;
      all.add(
          inBackground(queue, patience)
              .thenAccept(
                  lock -> {
                    order.add(number);
                    release(queue, lock);
                  }));
      await().until(() -> queue.length(node) == number + 1);
    }
    assertThat(asked).hasValue(1);
    release(queue, first);
    await().atMost(AGE).until(() -> all.stream().allMatch(CompletableFuture::isDone));
    assertThat(order).containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
    // Nobody asks the database for what this conductor itself holds.
    assertThat(asked).hasValue(21);
    assertThat(queue.length(node)).isZero();
    assertThat(store.nodes().get(node).reservation()).isNull();
  }

  @Test
  void whoComesLaterDoesNotOvertakeWhoIsAboutToAsk() throws Exception {
    var stop = new Stop();
    LockQueue queue = queue(Thread::sleep, () -> behind(stop), AGE);
    NodeLock first = lock(queue, Patience.ALL);
    CompletableFuture<NodeLock> waiting = inBackground(queue, Patience.ALL);
    stop.reached.await();
    release(queue, first);

    assertLocked(inBackground(queue, Patience.NONE));
    CompletableFuture<NodeLock> behind = inBackground(queue, Patience.ALL);
    await().until(() -> queue.length(node) == 2);
    assertThat(asked).hasValue(1);
    stop.open.countDown();
    release(queue, waiting.join());
    release(queue, behind.join());
    assertThat(waiting.join().fence()).isLessThan(behind.join().fence());
  }

  @Test
  void workInOneTransactionKeepsNobodyFromTheLockWhoDoesNotWait() throws Exception {
    LockQueue queue = patient();
    var stop = new Stop();
    CompletableFuture<NodeLock> first = inBackground(() -> inOneGo(queue, stop::pass));
    stop.reached.await();
    CompletableFuture<NodeLock> second = inBackground(() -> inOneGo(queue, () -> {}));
    await().until(() -> queue.length(node) == 2);
    CompletableFuture<NodeLock> hurried = inBackground(queue, Patience.NONE);
    await().until(() -> queue.length(node) == 3);
    assertThat(hurried).isNotDone();
    assertThat(second).isNotDone();
    stop.open.countDown();

    NodeLock taken = hurried.join();
    assertThat(taken.fence()).isGreaterThan(first.join().fence());
    assertLocked(inBackground(queue, Patience.NONE));
    assertThat(second).isNotDone();
    release(queue, taken);
    assertThat(second.join().fence()).isGreaterThan(taken.fence());
    assertThat(queue.length(node)).isZero();
  }

  @Test
  void whoMayNotWaitIsNotHeldUpByTransactionsThatWait() {
    LockQueue queue = patient();
    NodeLock first = lock(queue, Patience.ALL);
    CompletableFuture<NodeLock> waiting = inBackground(() -> inOneGo(queue, () -> {}));
    await().until(() -> queue.length(node) == 1);
    assertLocked(inBackground(queue, Patience.NONE));
    assertThat(waiting).isNotDone();
    release(queue, first);
    assertThat(waiting.join().fence()).isGreaterThan(first.fence());
  }

  @Test
  void whoIsOvertakenJustBeforeItAsksIsWokenAsTheOthersAre() {
    LockQueue queue =
        queue(
            pause -> {
              throw new AssertionError("the lock is ours, so nobody has to sleep");
            },
            Bell::real,
            AGE);
    var overtaking = new CompletableFuture<NodeLock>();
    CompletableFuture<NodeLock> overtaken =
        inBackground(
            () ->
                queue.inOneGo(
                    node,
                    () -> {
                      if (!overtaking.isDone()) {
                        overtaking.complete(inBackground(queue, Patience.NONE).join());
                      }
                      return ask();
                    }));
    NodeLock first = overtaking.join();
    await().until(() -> asked.get() == 2);
    assertThat(overtaken).isNotDone();
    release(queue, first);
    release(queue, overtaken.join());
    assertThat(asked).hasValue(3);
  }

  @Test
  void whoWaitsTooLongForUsIsRefused() {
    LockQueue queue = hasty();
    NodeLock first = lock(queue, Patience.ALL);
    assertLocked(inBackground(queue, Patience.ALL));
    assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus))
        .isEqualTo(SECOND.multipliedBy(2));
    assertThat(asked).as("once, and a last time").hasValue(2);
    assertThat(queue.length(node)).isZero();
    release(queue, first);
  }

  @Test
  void whoWaitsTooLongBehindOthersIsRefusedWithoutATry() throws Exception {
    LockQueue queue = hasty();
    var stop = new Stop();
    CompletableFuture<String> ahead =
        inBackground(
            () ->
                queue.inTurn(
                    node,
                    Patience.ALL,
                    () -> {
                      stop.pass();
                      return "done";
                    }));
    stop.reached.await();
    assertLocked(inBackground(queue, Patience.ALL));
    assertThat(asked).hasValue(0);
    stop.open.countDown();
    assertThat(ahead.join()).isEqualTo("done");
  }

  @Test
  void theLockOfAnotherConductorIsTriedAsOftenAsConfigured() {
    NodeLock theirs = store.nodes().reserve(node, "cond-2");
    assertLocked(inBackground(hasty(), Patience.ALL));
    assertThat(asked).hasValue(3);
    assertThat(pauses).containsExactly(SECOND, SECOND);
    assertLocked(inBackground(hasty(), Patience.OUR_OWN));
    assertLocked(inBackground(hasty(), Patience.NONE));
    assertThat(asked).hasValue(5);
    assertThat(pauses).hasSize(2);
    store.nodes().release(theirs);
  }

  @Test
  void whoIsInterruptedLeavesTheQueue() throws Exception {
    LockQueue queue = patient();
    NodeLock first = lock(queue, Patience.ALL);
    var refused = new CompletableFuture<NodeLock>();
    Thread waiting =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    refused.complete(lock(queue, Patience.ALL));
                  } catch (IronicException e) {
                    refused.completeExceptionally(e);
                  }
                });
    await().until(() -> queue.length(node) == 1);
    CompletableFuture<NodeLock> behind = inBackground(queue, Patience.ALL);
    await().until(() -> queue.length(node) == 2);
    waiting.interrupt();
    assertLocked(refused);
    release(queue, first);
    release(queue, behind.join());
  }

  @Test
  void whatFailsLeavesTheQueueToo() {
    LockQueue queue = patient();
    CompletableFuture<Object> failing =
        CompletableFuture.supplyAsync(
            () ->
                queue.inTurn(
                    node,
                    Patience.ALL,
                    () -> {
                      throw new IllegalStateException("broken");
                    }));
    assertThat(failing).failsWithin(AGE).withThrowableThat().havingCause().withMessage("broken");
    release(queue, lock(queue, Patience.ALL));
  }

  @Test
  void aLockThatWasLostKeepsNobodyWaiting() {
    LockQueue queue = patient();
    NodeLock lost = lock(queue, Patience.ALL);
    store.nodes().release(lost);
    held.confirm(List::of);
    NodeLock again = lock(queue, Patience.ALL);
    held.remove(lost);
    assertThat(held.holds(node)).as("the newer lock").isTrue();
    release(queue, again);
    assertThat(held.holds(node)).isFalse();
  }

  @Test
  void aLockThatIsLostWhileSomebodyWaitsIsNoticed() {
    LockQueue queue = queue(pauses::add, () -> deaf(pause -> held.confirm(List::of)), SECOND);
    NodeLock lost = lock(queue, Patience.ALL);
    store.nodes().release(lost);
    NodeLock again = lock(queue, Patience.ALL);
    assertThat(again.fence()).isGreaterThan(lost.fence());
    release(queue, again);
  }
}
