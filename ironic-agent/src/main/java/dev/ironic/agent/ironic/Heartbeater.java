package dev.ironic.agent.ironic;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the API regularly that the agent lives, and at once after something was finished. Runs in
 * the thread that calls {@link #run}; {@link #hurry} may be called from any.
 */
public final class Heartbeater {

  private static final Logger log = LoggerFactory.getLogger(Heartbeater.class);

  /** A beat on demand comes no sooner than this after the one before. */
  static final Duration SPACING = Duration.ofSeconds(5);

  /** One beat. */
  @FunctionalInterface
  public interface Beat {
    /** Sends it; an exception means that it did not arrive or was refused. */
    void send() throws IOException;
  }

  private final Beat beat;
  private final LongSupplier timeoutSeconds;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Alarm alarm;

  /**
   * Creates it.
   *
   * @param timeoutSeconds how long the conductor waits for a beat; asked before each pause
   */
  public Heartbeater(
      Beat beat,
      LongSupplier timeoutSeconds,
      InstantSource clock,
      RandomGenerator random,
      Alarm alarm) {
    this.beat = beat;
    this.timeoutSeconds = timeoutSeconds;
    this.clock = clock;
    this.random = random;
    this.alarm = alarm;
  }

  /** Asks for a beat soon. */
  public void hurry() {
    alarm.ring();
  }

  /** Beats until the thread is interrupted; the first beat comes at once. */
  public void run() {
    try {
      while (true) {
        Duration pause = beat();
        Instant sent = clock.instant();
        if (alarm.await(pause)) {
          Instant earliest = sent.plus(SPACING);
          // Rings during this wait are answered by the beat that follows it anyway.
          while (clock.instant().isBefore(earliest)) {
            alarm.await(Duration.between(clock.instant(), earliest).plusMillis(1));
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration beat() {
    try {
      beat.send();
      log.info("heartbeat accepted");
      return factor(timeoutSeconds.getAsLong(), 0.3, 0.6);
    } catch (IronicApi.Refused e) {
      if (e.status() == 409) {
        // Who holds the lock has just switched this machine on, and lets go any moment.
        log.info("the node is locked, the heartbeat will be repeated");
        return factor(1, 1, 2);
      }
      log.error("{}", e.getMessage());
    } catch (IOException | RuntimeException e) {
      log.error("the heartbeat failed: {}", e.toString());
    }
    return factor(1, 5, 10);
  }

  private Duration factor(long seconds, double least, double most) {
    return Duration.ofMillis((long) (1000 * seconds * random.nextDouble(least, most)));
  }
}
