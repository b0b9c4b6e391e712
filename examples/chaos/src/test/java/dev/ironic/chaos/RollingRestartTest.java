package dev.ironic.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.chaos.load.ApiClient;
import dev.ironic.chaos.load.Load;
import dev.ironic.chaos.load.Tally;
import dev.ironic.chaos.process.Cluster;
import dev.ironic.chaos.process.ConductorUnit;
import dev.ironic.chaos.yard.BmcYard;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Each of three conductors is told to end and started again while machines are deployed. */
class RollingRestartTest {

  private static final int NODES = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(180);

  @Test
  void nobodyNotices(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder)
      throws IOException, InterruptedException, SQLException {
    var tally = new Tally();
    var pace =
        new BmcYard.Pace(Duration.ofMillis(10), Duration.ofMillis(300), Duration.ofSeconds(4));
    try (BmcYard yard = Yards.open(folder, pace, 1);
        Cluster cluster = Clusters.start(folder, yard, 2, List.of("cond-1", "cond-2", "cond-3"));
        ApiClient api = new ApiClient(cluster.apiUrls());
        Load load = new Load(api, NODES, NODES, 1, tally, InstantSource.system(), Thread::sleep)) {
      load.enrol();
      load.start();
      Awaitility.await("deployments under way")
          .atMost(PATIENCE)
          .until(() -> tally.count("done PROVIDE", 0) >= NODES / 2);
      var restarts = new ArrayList<String>();
      for (ConductorUnit unit : cluster.conductors()) {
        long begin = System.nanoTime();
        unit.process().terminate();
        assertThat(unit.process().awaitEnd(Duration.ofSeconds(60)))
            .as("%s ends: %s", unit.name(), unit.process().lastWords())
            .isTrue();
        long gone = System.nanoTime();
        unit.start();
        restarts.add(
            "%s ended in %d ms and was back %d ms later"
                .formatted(
                    unit.name(),
                    (gone - begin) / 1_000_000,
                    (System.nanoTime() - gone) / 1_000_000));
      }
      int during = tally.count("accepted", 0);
      load.finish();
      Awaitility.await("all at their ends").atMost(PATIENCE).until(load::isFinished);
      System.out.println(restarts);
      System.out.println(tally);
      new Verdict(cluster.database(), yard, tally).pass(load.ends());
      assertThat(tally.problems()).isEmpty();
      assertThat(tally.counts("answered ").keySet())
          .allMatch(name -> name.startsWith("answered 503"));
      assertThat(during).isGreaterThan(NODES);
    }
  }
}
