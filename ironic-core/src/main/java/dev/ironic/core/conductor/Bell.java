package dev.ironic.core.conductor;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Wakes one thread. A ring that comes before it waits is not lost: it does not wait then. It may
 * wake for nothing, too, so it looks again at what it waits for.
 */
interface Bell {

  /**
   * Waits until the bell has been rung, but not longer than that.
   *
   * @return how much of the time is left; zero when nobody rang
   * @throws InterruptedException when the thread is to end
   */
  Duration await(Duration atMost) throws InterruptedException;

  /** Wakes who waits. */
  void ring();

  /** For threads of this process. */
  static Bell real() {
    var rings = new Semaphore(0);
    return new Bell() {
      @Override
      public Duration await(Duration atMost) throws InterruptedException {
        long start = System.nanoTime();
        if (!rings.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
          return Duration.ZERO;
        }
        rings.drainPermits();
        Duration left = atMost.minusNanos(System.nanoTime() - start);
        return left.isNegative() ? Duration.ZERO : left;
      }

      @Override
      public void ring() {
        rings.release();
      }
    };
  }
}
