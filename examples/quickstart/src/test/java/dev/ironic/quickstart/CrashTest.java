package dev.ironic.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A conductor that is killed while an image is written: the next one goes on. */
class CrashTest {

  @TempDir private Path folder = Path.of("");

  @Test
  void aDeploymentOutlivesItsConductor() throws IOException {
    try (var lab = new FaultLab(folder, 32, "automated_clean = false")) {
      String node = lab.manageable();
      lab.provision(node, "provide");
      lab.awaitState(node, "available");

      lab.images().holdAfter(16);
      lab.deploy(
          node, lab.images().url(FaultLab.GOOD_IMAGE), lab.sha256(FaultLab.GOOD_IMAGE));
      lab.awaitProgress(node, "write_image");
      lab.crashServer();
      assertThat(lab.client().get(node).path("provision_state").asString())
          .as("what was going on still is")
          .isEqualTo("wait call-back");
      lab.images().letGo();

      lab.awaitGoodImage(node);
      assertThat(lab.images().downloads()).as("the agent wrote on, once").isEqualTo(1);
      JsonNode flow = lab.client().get(node + "/flows").path("flows").path(0);
      assertThat(flow.path("kind").asString()).isEqualTo("deploy");
      assertThat(flow.path("state").asString()).isEqualTo("done");
      assertThat(lab.logs())
          .contains("Going on with", "write_image")
          .doesNotContain(FaultLab.SECRETS);
    }
  }
}
