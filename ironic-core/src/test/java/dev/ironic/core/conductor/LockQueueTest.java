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

  private LockQueue queue(Sleeper sleeper, Duration interval) {
    return new LockQueue(held, sleeper, 3, interval, uuid -> US);
  }

  private LockQueue patient() {
    return queue(Thread::sleep, AGE);
  }

  /** In which waiting takes no time. */
  private LockQueue hasty() {
    return queue(pauses::add, SECOND);
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

  private void release(NodeLock lock) {
    store.nodes().release(lock);
    held.remove(lock);
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
    return CompletableFuture.supplyAsync(
        () -> lock(queue, patience), task -> Thread.ofVirtual().start(task));
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
                    release(lock);
                  }));
      await().until(() -> queue.length(node) == number + 1);
    }
    assertThat(asked).hasValue(1);
    release(first);
    await().atMost(AGE).until(() -> all.stream().allMatch(CompletableFuture::isDone));
    assertThat(order).containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
    // Nobody asks the database for what this conductor itself holds.
    assertThat(asked).hasValue(21);
    assertThat(queue.length(node)).isZero();
    assertThat(store.nodes().get(node).reservation()).isNull();
  }

  @Test
  void whoComesLaterDoesNotOvertakeWhoIsAboutToAsk() throws Exception {
    var asleep = new CountDownLatch(1);
    var awake = new CountDownLatch(1);
    LockQueue queue =
        queue(
            pause -> {
              asleep.countDown();
              awake.await();
              Thread.sleep(pause);
            },
            AGE);
    NodeLock first = lock(queue, Patience.ALL);
    CompletableFuture<NodeLock> waiting = inBackground(queue, Patience.ALL);
    asleep.await();
    release(first);

    assertLocked(inBackground(queue, Patience.NONE));
    CompletableFuture<NodeLock> behind = inBackground(queue, Patience.ALL);
    await().until(() -> queue.length(node) == 2);
    awake.countDown();
    release(waiting.join());
    release(behind.join());
    assertThat(waiting.join().fence()).isLessThan(behind.join().fence());
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
    release(first);
  }

  @Test
  void whoWaitsTooLongBehindOthersIsRefusedWithoutATry() throws Exception {
    LockQueue queue = hasty();
    var inside = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    CompletableFuture<String> ahead =
        CompletableFuture.supplyAsync(
            () ->
                queue.inTurn(
                    node,
                    Patience.ALL,
                    () -> {
                      inside.countDown();
                      try {
                        leave.await();
                      } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                      }
                      return "done";
                    }),
            task -> Thread.ofVirtual().start(task));
    inside.await();
    assertLocked(inBackground(queue, Patience.ALL));
    assertThat(asked).hasValue(0);
    leave.countDown();
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
    release(first);
    release(behind.join());
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
    release(lock(queue, Patience.ALL));
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
    release(again);
    assertThat(held.holds(node)).isFalse();
  }
}
