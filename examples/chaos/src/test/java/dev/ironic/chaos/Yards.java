package dev.ironic.chaos;

import dev.ironic.chaos.process.Cluster;
import dev.ironic.chaos.yard.BmcYard;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** Yards for tests. */
final class Yards {

  private Yards() {}

  /** One whose machines take 5 to 50 ms for a command. */
  static BmcYard quick(Path folder) throws IOException {
    return open(
        folder, new BmcYard.Pace(Duration.ofMillis(5), Duration.ofMillis(50), Duration.ZERO), 1);
  }

  static BmcYard open(Path folder, BmcYard.Pace pace, long seed) throws IOException {
    return new BmcYard(
        folder.resolve("yard.log"),
        pace,
        seed,
        Cluster.HEARTBEAT_TIMEOUT.dividedBy(2),
        InstantSource.system(),
        Thread::sleep);
  }
}
