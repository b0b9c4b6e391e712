package dev.ironic.chaos;

import dev.ironic.chaos.load.Tally;
import dev.ironic.chaos.process.Cluster;
import dev.ironic.chaos.process.ConductorUnit;
import dev.ironic.driver.Sleeper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * One of the hands that disturb conductors: what it does, to whom and for how long comes from a
 * seed. It does each thing once, in an order of its own, before it does one again, and leaves
 * everything as it was. Several hands have conductors of their own, so that always some are well.
 */
final class Storm implements Runnable {

  private static final Duration DRAINING = Duration.ofSeconds(60);
  private static final long TIMEOUT = Cluster.HEARTBEAT_TIMEOUT.toMillis();

  private final String hand;
  private final Cluster cluster;
  private final List<String> victims;
  private final String joiner;
  private final Random random;
  private final Instant end;
  private final Tally tally;
  private final InstantSource clock;
  private final Sleeper sleeper;
  private final Consumer<String> tell;
  private final Deque<Disturbance> bag = new ArrayDeque<>();

  /**
   * Creates a hand.
   *
   * @param hand its name
   * @param victims the conductors that it may disturb
   * @param joiner the conductor that joins now and then
   * @param end when it begins nothing more
   * @param tell is told what happens
   */
  Storm(
      String hand,
      Cluster cluster,
      List<String> victims,
      String joiner,
      Random random,
      Instant end,
      Tally tally,
      InstantSource clock,
      Sleeper sleeper,
      Consumer<String> tell) {
    this.hand = hand;
    this.cluster = cluster;
    this.victims = List.copyOf(victims);
    this.joiner = joiner;
    this.random = random;
    this.end = end;
    this.tally = tally;
    this.clock = clock;
    this.sleeper = sleeper;
    this.tell = tell;
  }

  @Override
  public void run() {
    try {
      while (clock.instant().isBefore(end)) {
        disturb(draw(), cluster.conductor(victims.get(random.nextInt(victims.size()))));
        pause(500, 3000);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      tally.problem("The storm's " + hand + " failed: " + e);
    }
  }

  private Disturbance draw() {
    if (bag.isEmpty()) {
      var all = new ArrayList<>(List.of(Disturbance.values()));
      Collections.shuffle(all, random);
      bag.addAll(all);
    }
    return bag.removeFirst();
  }

  private void disturb(Disturbance what, ConductorUnit victim)
      throws IOException, InterruptedException {
    if (!victim.isRunning()) {
      tally.problem(
          "Conductor %s has ended by itself: %s"
              .formatted(victim.name(), victim.process().lastWords()));
      victim.start();
    }
    tally.count("storm " + what);
    switch (what) {
      case KILL -> kill(victim);
      case SHORT_PAUSE -> suspend(victim, length(500, TIMEOUT / 2));
      case LONG_PAUSE -> suspend(victim, length(TIMEOUT + 2000, TIMEOUT * 2));
      case DATABASE_STALL -> stall(victim, "database", length(1000, TIMEOUT * 2));
      case DATABASE_CUT -> cut(victim, "database", length(1000, TIMEOUT * 2));
      case RPC_STALL -> stall(victim, "rpc", length(1000, TIMEOUT * 2));
      case RPC_CUT -> cut(victim, "rpc", length(1000, TIMEOUT * 2));
      case DRAIN -> drain(victim);
      case JOIN -> join();
    }
  }

  private void kill(ConductorUnit victim) throws IOException, InterruptedException {
    Duration absence = length(100, TIMEOUT + 3000);
    say("kills %s, to start it again in %d ms".formatted(victim.name(), absence.toMillis()));
    victim.process().kill();
    sleeper.sleep(absence);
    victim.start();
    say(victim.name() + " is back");
  }

  private void suspend(ConductorUnit victim, Duration length) throws InterruptedException {
    say("stops %s for %d ms".formatted(victim.name(), length.toMillis()));
    victim.process().pause();
    try {
      sleeper.sleep(length);
    } finally {
      victim.process().goOn();
    }
    say(victim.name() + " goes on");
  }

  private void stall(ConductorUnit victim, String way, Duration length)
      throws InterruptedException {
    say("stalls the %s of %s for %d ms".formatted(way, victim.name(), length.toMillis()));
    var proxy = way.equals("rpc") ? victim.rpc() : victim.database();
    proxy.stall();
    try {
      sleeper.sleep(length);
    } finally {
      proxy.mend();
    }
    say("the %s of %s is mended".formatted(way, victim.name()));
  }

  private void cut(ConductorUnit victim, String way, Duration length) throws InterruptedException {
    say("cuts the %s of %s for %d ms".formatted(way, victim.name(), length.toMillis()));
    var proxy = way.equals("rpc") ? victim.rpc() : victim.database();
    proxy.cut();
    try {
      sleeper.sleep(length);
    } finally {
      proxy.mend();
    }
    say("the %s of %s is mended".formatted(way, victim.name()));
  }

  private void drain(ConductorUnit victim) throws IOException, InterruptedException {
    Duration absence = length(100, TIMEOUT);
    leave(victim);
    sleeper.sleep(absence);
    victim.start();
    say(victim.name() + " is back");
  }

  private void join() throws IOException, InterruptedException {
    ConductorUnit guest = cluster.conductor(joiner);
    say(guest.name() + " joins");
    guest.start();
    sleeper.sleep(length(3000, 8000));
    leave(guest);
  }

  private void leave(ConductorUnit unit) throws InterruptedException {
    Instant before = clock.instant();
    say("drains " + unit.name());
    unit.process().terminate();
    if (!unit.process().awaitEnd(DRAINING)) {
      tally.problem("%s did not end within %s of SIGTERM".formatted(unit.name(), DRAINING));
      unit.process().kill();
    }
    say(
        "%s is gone after %d ms"
            .formatted(unit.name(), Duration.between(before, clock.instant()).toMillis()));
  }

  private Duration length(long shortest, long longest) {
    return Duration.ofMillis(random.nextLong(shortest, longest));
  }

  private void pause(long shortest, long longest) throws InterruptedException {
    sleeper.sleep(length(shortest, longest));
  }

  private void say(String what) {
    tell.accept(hand + ": " + what);
  }
}
