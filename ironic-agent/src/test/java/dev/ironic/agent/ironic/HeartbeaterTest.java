package dev.ironic.agent.ironic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HeartbeaterTest {

  /** Time passes only by waiting; rings come at given times; the end comes as an interrupt. */
  private static final class VirtualTime implements Alarm {
    Instant now = Instant.EPOCH;
    final List<Instant> rings = new ArrayList<>();
    final Instant end;

    VirtualTime(Duration end) {
      this.end = Instant.EPOCH.plus(end);
    }

    @Override
    public boolean await(Duration time) throws InterruptedException {
      Instant until = now.plus(time);
      if (!rings.isEmpty() && rings.getFirst().isBefore(until)) {
        Instant ring = rings.removeFirst();
        now = ring.isAfter(now) ? ring : now;
        return true;
      }
      if (until.isAfter(end)) {
        throw new InterruptedException("the test is over");
      }
      now = until;
      return false;
    }

    @Override
    public void ring() {
      rings.add(now);
    }
  }

  @Test
  void beatsAtOnceAndThenWellWithinTheTimeout() {
    VirtualTime time = new VirtualTime(Duration.ofHours(10));
    List<Instant> beats = new ArrayList<>();

    run(time, () -> beats.add(time.now));

    assertThat(beats.getFirst()).isEqualTo(Instant.EPOCH);
    assertThat(beats).hasSizeGreaterThan(36_000 / 180);
    for (int i = 1; i < beats.size(); i++) {
      assertThat(Duration.between(beats.get(i - 1), beats.get(i)))
          .isBetween(Duration.ofSeconds(90), Duration.ofSeconds(180));
    }
  }

  @Test
  void triesAgainSoonAfterAFailure() {
    VirtualTime time = new VirtualTime(Duration.ofSeconds(100));
    List<Instant> beats = new ArrayList<>();

    run(
        time,
        () -> {
          beats.add(time.now);
          throw new IOException("nobody there");
        });

    for (int i = 1; i < beats.size(); i++) {
      assertThat(Duration.between(beats.get(i - 1), beats.get(i)))
          .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
    }
    assertThat(beats).hasSizeGreaterThan(9);
  }

  @Test
  void triesAgainAtOnceWhileTheNodeIsLocked() {
    VirtualTime time = new VirtualTime(Duration.ofSeconds(20));
    List<Instant> beats = new ArrayList<>();

    run(
        time,
        () -> {
          beats.add(time.now);
          throw new IronicApi.Refused("The heartbeat", 409, new byte[0]);
        });

    for (int i = 1; i < beats.size(); i++) {
      assertThat(Duration.between(beats.get(i - 1), beats.get(i)))
          .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }
    assertThat(beats).hasSizeGreaterThan(9);
  }

  @Test
  void ringsBringABeatForwardButNeverCloserThanFiveSeconds() {
    VirtualTime time = new VirtualTime(Duration.ofSeconds(60));
    time.rings.add(Instant.ofEpochSecond(1));
    time.rings.add(Instant.ofEpochSecond(2));
    time.rings.add(Instant.ofEpochSecond(30));
    List<Instant> beats = new ArrayList<>();

    run(time, () -> beats.add(time.now));

    assertThat(beats)
        .containsExactly(Instant.EPOCH, Instant.ofEpochMilli(5001), Instant.ofEpochSecond(30));
  }

  private static void run(VirtualTime time, Heartbeater.Beat beat) {
    Thread.interrupted();
    new Heartbeater(beat, () -> 300, () -> time.now, new SplittableRandom(7), time).run();
    assertThat(Thread.interrupted()).as("ended by the interrupt").isTrue();
  }
}
