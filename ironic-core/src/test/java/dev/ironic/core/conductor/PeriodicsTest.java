package dev.ironic.core.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When rounds of periodic tasks begin. */
class PeriodicsTest {

  private static final Duration MINUTE = Duration.ofSeconds(60);

  private final ManualTime time = new ManualTime();
  private final Workers workers = new Workers(2, 0);
  private final Periodics periodics = new Periodics(time.timers(), workers, time, new Random(1));
  private final AtomicInteger rounds = new AtomicInteger();

  @AfterEach
  void close() {
    periodics.stop();
    workers.close();
  }

  private PeriodicReport report() {
    return periodics.reports().getFirst();
  }

  private void pass(int seconds) {
    time.advance(Duration.ofSeconds(seconds));
  }

  /** Waits until so many rounds have ended and the next is on its way. */
  private void ended(int wanted) {
    await().until(() -> report().runs() == wanted && workers.busy() == 0);
  }

  private void takes(int seconds) {
    rounds.incrementAndGet();
    time.sleep(Duration.ofSeconds(seconds));
  }

  @Test
  void aRoundBeginsASpacingAfterTheStartOfTheOneBefore() {
    periodics.every("task", MINUTE, () -> takes(40));
    periodics.start();
    pass(59);
    assertThat(workers.busy()).isZero();
    assertThat(report().runs()).isZero();
    pass(1);
    ended(1);
    // It is 100 s by now; the next round is due at 120 s.
    pass(19);
    assertThat(rounds).hasValue(1);
    pass(1);
    ended(2);
    assertThat(report())
        .isEqualTo(new PeriodicReport("task", MINUTE, false, 2, 0, 0, 0, Duration.ofSeconds(40)));
  }

  @Test
  void nothingBeginsBeforeTheStart() {
    periodics.every("task", MINUTE, () -> takes(0));
    pass(600);
    assertThat(report().runs()).isZero();
    assertThat(workers.busy()).isZero();
    periodics.start();
    pass(60);
    ended(1);
  }

  @Test
  void aTaskMayBeDueAtTheStart() {
    periodics.every("task", MINUTE, true, () -> takes(0));
    periodics.start();
    pass(0);
    ended(1);
    pass(59);
    assertThat(rounds).hasValue(1);
    pass(1);
    ended(2);
  }

  @Test
  void aTaskWithoutSpacingIsNotEvenCollected() {
    periodics.every("off", Duration.ZERO, () -> takes(0));
    periodics.always("off, too", Duration.ofSeconds(-1), () -> takes(0));
    periodics.start();
    assertThat(periodics.reports()).isEmpty();
  }

  @Test
  void whatIsMissedIsLeftOutAndCounted() {
    periodics.every("task", MINUTE, () -> takes(rounds.get() == 0 ? 210 : 1));
    periodics.start();
    pass(60);
    ended(1);
    // Due at 120, 180 and 240 s; one of the three takes place, at 270 s.
    assertThat(report().overruns()).isEqualTo(1);
    assertThat(report().skipped()).isEqualTo(2);
    pass(0);
    ended(2);
    assertThat(report().skipped()).isEqualTo(2);
    assertThat(report().lastDuration()).isEqualTo(Duration.ofSeconds(1));
    pass(58);
    assertThat(rounds).hasValue(2);
    pass(1);
    ended(3);
  }

  @Test
  void aTaskNeverOvertakesItself() {
    var release = new CountDownLatch(1);
    periodics.every(
        "task",
        MINUTE,
        () -> {
          rounds.incrementAndGet();
          awaitLatch(release);
        });
    periodics.start();
    pass(60);
    await().until(() -> report().running());
    for (int i = 0; i < 5; i++) {
      pass(60);
      assertThat(workers.busy()).isEqualTo(1);
    }
    assertThat(rounds).hasValue(1);
    release.countDown();
    ended(1);
    assertThat(report().skipped()).isEqualTo(4);
  }

  @Test
  void aFailureIsCountedAndTheTaskGoesOn() {
    periodics.every(
        "task",
        MINUTE,
        () -> {
          if (rounds.incrementAndGet() == 1) {
            throw new IllegalStateException("by intention");
          }
        });
    periodics.start();
    pass(60);
    ended(1);
    assertThat(report().failures()).isEqualTo(1);
    pass(60);
    ended(2);
    assertThat(report().failures()).isEqualTo(1);
  }

  @Test
  void withoutAFreeWorkerARoundWaitsALittle() {
    var release = new CountDownLatch(1);
    for (int i = 0; i < 2; i++) {
      workers.start(Workers.Share.NORMAL, "other work", () -> awaitLatch(release));
    }
    periodics.every("task", MINUTE, () -> takes(0));
    periodics.always("must go on", MINUTE, () -> takes(0));
    periodics.start();
    pass(60);
    await().until(() -> periodics.reports().get(1).runs() == 1);
    assertThat(report().runs()).isZero();
    release.countDown();
    await().until(() -> workers.busy() == 0);
    pass(2);
    ended(1);
  }

  @Test
  void afterTheStopNoRoundBegins() {
    periodics.every("task", MINUTE, () -> takes(0));
    periodics.start();
    periodics.stop();
    pass(600);
    assertThat(workers.busy()).isZero();
    assertThat(rounds).hasValue(0);
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
