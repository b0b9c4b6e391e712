package dev.ironic.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.config.IronicConfig;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many nodes at once, through a socket and into SQLite. */
class DeployManyTest {

  private static final int NODES = Integer.getInteger("ironic.test.nodes", 200);

  @Test
  void allAreDeployedWithoutAnError(@TempDir Path folder) throws Exception {
    try (var standalone = Standalone.start(IronicConfig.of(Settings.of(folder, 0).values()))) {
      var outcome = new DeployMany(standalone.url(), NODES, Duration.ofSeconds(120)).run();
      System.out.printf(
          "%d nodes deployed over HTTP with %d requests in %.1f s%n",
          outcome.nodes(), outcome.requests(), outcome.elapsed().toMillis() / 1e3);
      assertThat(outcome.errors()).isEmpty();
    }
  }
}
