package dev.ironic.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.chaos.load.Tally;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A minute of storm; {@code -Dironic.chaos.seed} repeats one. {@code run} does it for longer. */
class ChaosTest {

  @Test
  void nothingComesOfAStorm(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder)
      throws InterruptedException, SQLException {
    long seed = Long.getLong("ironic.chaos.seed", System.nanoTime());
    System.out.println("Repeat with -Dironic.chaos.seed=" + seed);
    Tally tally = run(folder, seed, 500, false, Duration.ofSeconds(60));
    assertThat(tally.problems()).as("seed %d, logs in %s", seed, folder).isEmpty();
    assertThat(tally.counts("done ")).containsKeys("done DEPLOY", "done UNDEPLOY");
    assertThat(tally.counts("storm ")).hasSizeGreaterThan(3);
  }

  @Test
  void norOfCalm(@TempDir Path folder) throws InterruptedException, SQLException {
    Tally tally = run(folder, 1, 30, true, Duration.ofSeconds(8));
    assertThat(tally.problems()).isEmpty();
    assertThat(tally.counts("done ")).containsKeys("done DEPLOY", "done UNDEPLOY");
    assertThat(tally.counts("answered ")).isEmpty();
  }

  private static Tally run(Path folder, long seed, int nodes, boolean calm, Duration length)
      throws InterruptedException, SQLException {
    var settings =
        new ChaosRun.Settings(folder, seed, nodes, 100, calm, length, Duration.ofSeconds(120));
    try {
      Tally tally =
          new ChaosRun(
                  settings,
                  InstantSource.system(),
                  Thread::sleep,
                  System.out::println,
                  line -> System.out.println("  " + line))
              .run();
      System.out.println(tally);
      return tally;
    } catch (IOException e) {
      return Assumptions.abort("No PostgreSQL server starts here: " + e);
    }
  }
}
