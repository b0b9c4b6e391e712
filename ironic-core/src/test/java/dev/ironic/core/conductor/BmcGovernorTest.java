package dev.ironic.core.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How management controllers are called. */
class BmcGovernorTest {

  private static final Executor THREADS = Thread::startVirtualThread;

  private final ManualTime time = new ManualTime();
  private final BmcGovernor governor =
      new BmcGovernor(
          new BmcOptions(
              2, Duration.ofSeconds(20), 3, Duration.ofSeconds(10), Duration.ofSeconds(30)),
          time,
          new Random(1));
  private final NodeTask task = task(() -> {});
  private final CountDownLatch released = new CountDownLatch(1);
  private final AtomicInteger running = new AtomicInteger();

  /** A task that is only asked whether its node is still its own. */
  private static NodeTask task(Runnable requireOwner) {
    return (NodeTask)
        Proxy.newProxyInstance(
            NodeTask.class.getClassLoader(),
            new Class<?>[] {NodeTask.class},
            (proxy, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("requireOwner");
              requireOwner.run();
              return null;
            });
  }

  private String hang() {
    running.incrementAndGet();
    try {
      released.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return "answer";
  }

  private String silent() {
    running.incrementAndGet();
    throw DriverException.unreachable("no answer", null);
  }

  private CompletableFuture<String> hanging(String controller) {
    return CompletableFuture.supplyAsync(
        () -> governor.call(task, controller, this::hang), THREADS);
  }

  private void awaitRunning(int count) {
    Awaitility.await().until(() -> running.get() == count);
  }

  private void fail(String controller, int times) {
    for (int i = 0; i < times; i++) {
      assertThatThrownBy(() -> governor.call(task, controller, this::silent))
          .hasMessage("no answer");
    }
  }

  @Test
  void aControllerGetsFewCallsAtATime() {
    List<CompletableFuture<String>> calls = Stream.generate(() -> hanging("a")).limit(5).toList();
    awaitRunning(2);
    assertThat(calls).noneMatch(CompletableFuture::isDone);
    released.countDown();
    calls.forEach(CompletableFuture::join);
    assertThat(running).hasValue(5);
  }

  @Test
  void oneThatHangsCostsAnotherNoTime() {
    List<CompletableFuture<String>> calls = List.of(hanging("a"), hanging("a"), hanging("a"));
    awaitRunning(2);
    assertThat(governor.<String>call(task, "b", () -> "at once")).isEqualTo("at once");
    released.countDown();
    calls.forEach(CompletableFuture::join);
  }

  @Test
  void equalQuestionsShareAnAnswer() {
    var first =
        CompletableFuture.supplyAsync(() -> governor.read(task, "a", "power", this::hang), THREADS);
    awaitRunning(1);
    var second =
        CompletableFuture.supplyAsync(
            () -> governor.read(task, "a", "power", () -> "asked twice"), THREADS);
    assertThat(governor.<String>read(task, "a", "boot device", () -> "pxe")).isEqualTo("pxe");
    assertThat(governor.<String>read(task, "b", "power", () -> "off")).isEqualTo("off");
    released.countDown();
    assertThat(first.join()).isEqualTo("answer");
    assertThat(second.join()).isIn("answer", "asked twice");
    assertThat(governor.<String>read(task, "a", "power", () -> "anew")).isEqualTo("anew");
  }

  @Test
  void whoAsksAfterAChangeGetsNoAnswerFromBefore() {
    var before =
        CompletableFuture.supplyAsync(() -> governor.read(task, "a", "power", this::hang), THREADS);
    awaitRunning(1);
    governor.<String>call(task, "b", () -> "another one is changed");
    assertThat(governor.<String>call(task, "a", () -> "changed")).isEqualTo("changed");
    var after =
        CompletableFuture.supplyAsync(() -> governor.read(task, "a", "power", () -> "on"), THREADS);
    assertThat(after).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("on");
    released.countDown();
    assertThat(before.join()).isEqualTo("answer");
  }

  @Test
  void whoWaitsForALostTaskAsksItself() {
    var lost =
        task(
            () -> {
              hang();
              throw new IronicException(Fault.LOCK_LOST, "not yours any more");
            });
    var first =
        CompletableFuture.supplyAsync(
            () -> governor.read(lost, "a", "power", () -> "late"), THREADS);
    awaitRunning(1);
    var second =
        CompletableFuture.supplyAsync(() -> governor.read(task, "a", "power", () -> "on"), THREADS);
    released.countDown();
    assertThat(second.join()).isEqualTo("on");
    assertThatThrownBy(first::join).hasRootCauseMessage("not yours any more");
  }

  @Test
  void oneThatDoesNotAnswerIsLeftAloneForAWhile() {
    fail("a", 3);
    assertThatThrownBy(() -> governor.call(task, "a", this::silent))
        .isInstanceOfSatisfying(
            DriverException.class,
            e -> assertThat(e.kind()).isEqualTo(DriverException.Kind.UNREACHABLE))
        .hasMessageContaining("left alone until");
    assertThat(running).hasValue(3);
    time.advance(Duration.ofSeconds(13));
    // The trial fails, so the next pause is longer.
    fail("a", 1);
    time.advance(Duration.ofSeconds(13));
    assertThatThrownBy(() -> governor.call(task, "a", () -> "too early"))
        .hasMessageContaining("left alone until");
    time.advance(Duration.ofSeconds(13));
    assertThat(governor.<String>call(task, "a", () -> "back")).isEqualTo("back");
    fail("a", 2);
    assertThat(governor.<String>call(task, "a", () -> "still there")).isEqualTo("still there");
  }

  @Test
  void onlyOneTriesItAgain() {
    fail("a", 3);
    time.advance(Duration.ofSeconds(13));
    CompletableFuture<String> trial = hanging("a");
    awaitRunning(4);
    assertThatThrownBy(() -> governor.call(task, "a", () -> "second"))
        .hasMessageContaining("left alone until");
    released.countDown();
    assertThat(trial.join()).isEqualTo("answer");
    assertThat(governor.<String>call(task, "a", () -> "second")).isEqualTo("second");
  }

  @Test
  void aCallThatWasCutShortIsNoAnswer() {
    fail("a", 2);
    assertThatThrownBy(
            () ->
                governor.call(
                    task,
                    "a",
                    () -> {
                      Thread.currentThread().interrupt();
                      throw DriverException.failed("interrupted", null);
                    }))
        .hasMessage("interrupted");
    assertThat(Thread.interrupted()).isTrue();
    fail("a", 1);
    assertThatThrownBy(() -> governor.call(task, "a", this::silent))
        .hasMessageContaining("left alone until");
  }

  @Test
  void otherFailuresAreAnswers() {
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(
              () ->
                  governor.call(
                      task,
                      "a",
                      () -> {
                        throw DriverException.failed("wrong password", null);
                      }))
          .hasMessage("wrong password");
    }
  }

  @Test
  void onlyThoseThatDoNotAnswerAreRemembered() {
    for (int i = 0; i < 100; i++) {
      governor.<String>call(task, "bmc " + i, () -> "fine");
    }
    assertThat(governor.known()).isZero();
    fail("dead", 1);
    assertThat(governor.known()).isEqualTo(1);
    governor.<String>call(task, "dead", () -> "fine");
    assertThat(governor.known()).isZero();
  }

  @Test
  void oneThatIsNeverCalledAgainIsForgotten() {
    fail("gone", 1);
    fail("left alone", 3);
    CompletableFuture<String> call = hanging("slow");
    awaitRunning(5);
    time.advance(Duration.ofMinutes(5));
    governor.<String>call(task, "other", () -> "fine");
    assertThat(governor.known()).isEqualTo(3);
    time.advance(Duration.ofMinutes(6));
    governor.<String>call(task, "other", () -> "fine");
    assertThat(governor.known()).isEqualTo(1);
    released.countDown();
    call.join();
    assertThat(governor.known()).isZero();
  }
}
