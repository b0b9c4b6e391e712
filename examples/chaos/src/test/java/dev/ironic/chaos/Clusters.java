package dev.ironic.chaos;

import dev.ironic.chaos.process.Cluster;
import dev.ironic.chaos.yard.BmcYard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Clusters for tests; without PostgreSQL, they are skipped. */
final class Clusters {

  private Clusters() {}

  static Cluster start(Path folder, BmcYard yard, int apis, List<String> conductors)
      throws InterruptedException, IOException {
    try {
      return Cluster.start(folder, yard.address(), apis, conductors);
    } catch (IOException e) {
      return Assumptions.abort("No PostgreSQL server starts here: " + e);
    }
  }
}
