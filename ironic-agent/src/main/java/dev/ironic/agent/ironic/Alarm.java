package dev.ironic.agent.ironic;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Waits that can be cut short from another thread; tests replace the waiting. */
public interface Alarm {

  /** Returns true when rung, false when the time is over. */
  boolean await(Duration time) throws InterruptedException;

  /** Ends the present wait, or the next one if nobody waits. */
  void ring();

  /** Really waits. */
  static Alarm real() {
    Semaphore rings = new Semaphore(0);
    return new Alarm() {
      @Override
      public boolean await(Duration time) throws InterruptedException {
        boolean rung = rings.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS);
        rings.drainPermits(); // several rings mean no more than one
        return rung;
      }

      @Override
      public void ring() {
        rings.release();
      }
    };
  }
}
