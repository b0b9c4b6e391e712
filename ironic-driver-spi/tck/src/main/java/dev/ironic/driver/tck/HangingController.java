package dev.ironic.driver.tck;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Two machines, of which one has a controller that takes calls and does not answer.
 *
 * @param hanging a task on the one whose controller hangs
 * @param other a task on the other one
 * @param awaitHung returns when a call hangs
 * @param release lets the controller answer again, so that who waits for it goes on
 */
public record HangingController(
    TestNodeTask hanging, TestNodeTask other, Runnable awaitHung, Runnable release) {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Makes a call that hangs and, meanwhile, the same at the other machine, which must end. */
  void verify(Consumer<TestNodeTask> call) {
    Thread waiting = Thread.ofVirtual().unstarted(() -> call.accept(hanging));
    try {
      assertTimeoutPreemptively(
          PATIENCE,
          () -> {
            waiting.start();
            awaitHung.run();
            call.accept(other);
          },
          "A controller that hangs delays the call to another one");
    } finally {
      release.run();
    }
    assertTimeoutPreemptively(PATIENCE, () -> waiting.join(), "The call that hung does not end");
  }
}
