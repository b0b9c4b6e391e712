package dev.ironic.chaos;

import dev.ironic.chaos.load.ApiClient;
import dev.ironic.chaos.load.Load;
import dev.ironic.chaos.load.Tally;
import dev.ironic.chaos.process.Cluster;
import dev.ironic.chaos.yard.BmcYard;
import dev.ironic.driver.Sleeper;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Three conductors, two API services and PostgreSQL under load and under fire: nodes cycle through
 * deployment, power and cleaning while conductors are killed, stopped, cut off, drained and added.
 * In the end everything has to be as if nothing had happened.
 */
public final class ChaosRun {

  private static final List<String> CONDUCTORS = List.of("cond-1", "cond-2", "cond-3");
  private static final int APIS = 2;
  private static final Duration LIVE = Duration.ofSeconds(1);

  private final Settings settings;
  private final InstantSource clock;
  private final Sleeper sleeper;
  private final Consumer<String> tell;
  private final Consumer<String> live;

  /**
   * What to do.
   *
   * @param folder for logs and configuration
   * @param seed chooses all that is left to chance but for the moments
   * @param nodes how many nodes
   * @param busy how many of them are worked on at the same time
   * @param calm whether not to disturb anything
   * @param length for how long to go on
   * @param settling how long it may take after that until all nodes are at their ends
   */
  public record Settings(
      Path folder,
      long seed,
      int nodes,
      int busy,
      boolean calm,
      Duration length,
      Duration settling) {}

  /**
   * Creates a run.
   *
   * @param tell is told what happens
   * @param live is told every second how things are
   */
  public ChaosRun(
      Settings settings,
      InstantSource clock,
      Sleeper sleeper,
      Consumer<String> tell,
      Consumer<String> live) {
    this.settings = settings;
    this.clock = clock;
    this.sleeper = sleeper;
    this.tell = tell;
    this.live = live;
  }

  /**
   * Does it all.
   *
   * @return what was counted, and what must not have happened
   * @throws IOException when no database can be started here
   */
  public Tally run() throws IOException, InterruptedException, SQLException {
    var tally = new Tally();
    // Some work outlasts everybody's patience with a silent conductor.
    var pace =
        new BmcYard.Pace(
            Duration.ofMillis(10),
            Duration.ofMillis(300),
            Cluster.HEARTBEAT_TIMEOUT.multipliedBy(3).dividedBy(2));
    try (BmcYard yard =
            new BmcYard(
                settings.folder().resolve("yard.log"),
                pace,
                settings.seed(),
                Cluster.HEARTBEAT_TIMEOUT.dividedBy(2),
                clock,
                sleeper);
        Cluster cluster = Cluster.start(settings.folder(), yard.address(), APIS, CONDUCTORS);
        ApiClient api = new ApiClient(cluster.apiUrls());
        Load load =
            new Load(
                api, settings.nodes(), settings.busy(), settings.seed(), tally, clock, sleeper)) {
      tell.accept("everything runs; logs are in " + settings.folder());
      load.enrol();
      tell.accept(settings.nodes() + " nodes are known");
      load.start();
      Instant end = clock.instant().plus(settings.length());
      List<Thread> hands = settings.calm() ? List.of() : storm(cluster, end, tally);
      watch(
          () -> clock.instant().isBefore(end) || hands.stream().anyMatch(Thread::isAlive),
          load,
          tally);
      tell.accept("that was it; nodes are brought to their ends");
      load.finish();
      Instant limit = clock.instant().plus(settings.settling());
      watch(() -> !load.isFinished() && clock.instant().isBefore(limit), load, tally);
      cluster.apis().stream()
          .filter(service -> !service.isAlive())
          .forEach(
              service ->
                  tally.problem(service.name() + " has ended by itself: " + service.lastWords()));
      new Verdict(cluster.database(), yard, tally).pass(load.ends());
      return tally;
    }
  }

  private List<Thread> storm(Cluster cluster, Instant end, Tally tally) {
    var random = new Random(settings.seed());
    var hands = new ArrayList<Thread>();
    hands.add(
        hand("left hand", cluster, List.of("cond-1", "cond-2"), "cond-4", random, end, tally));
    hands.add(hand("right hand", cluster, List.of("cond-3"), "cond-5", random, end, tally));
    return hands;
  }

  private Thread hand(
      String name,
      Cluster cluster,
      List<String> victims,
      String joiner,
      Random random,
      Instant end,
      Tally tally) {
    var storm =
        new Storm(
            name,
            cluster,
            victims,
            joiner,
            new Random(random.nextLong()),
            end,
            tally,
            clock,
            sleeper,
            tell);
    // The places are made here, so that the hands only use them.
    cluster.conductor(joiner);
    return Thread.ofVirtual().name(name).start(storm);
  }

  private interface Condition {
    boolean holds();
  }

  private void watch(Condition whileTrue, Load load, Tally tally) throws InterruptedException {
    while (whileTrue.holds()) {
      live.accept(
          "%s; %d accepted, %d problems"
              .formatted(load.summary(), tally.count("accepted", 0), tally.problems().size()));
      sleeper.sleep(LIVE);
    }
  }
}
