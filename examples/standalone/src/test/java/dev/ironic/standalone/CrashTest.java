package dev.ironic.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.lab.LabMachine;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** SIGKILL while an image is being written: the next process goes on, and nobody else does. */
@Execution(ExecutionMode.CONCURRENT)
class CrashTest {

  @Test
  void theDeploymentGoesOn(@TempDir Path folder) throws IOException {
    try (var lab = new FaultLab(folder, "");
        LabMachine machine = lab.machine("crash");
        ImageHost images = lab.images()) {
      String node = lab.available(machine, "crash");
      lab.deployInPart(node, images);
      lab.server().crashAndRestart();
      assertThat(lab.client().get("/v1/nodes/" + node).path("provision_state").asString())
          .as("what was going on still is")
          .isEqualTo("wait call-back");
      images.letPass();

      lab.awaitDeployed(node, machine);
      assertThat(images.downloads()).as("the agent wrote on, once").isEqualTo(1);
      JsonNode flow = lab.client().get("/v1/nodes/" + node + "/flows").path("flows").path(0);
      assertThat(flow.path("kind").asString()).isEqualTo("deploy");
      assertThat(flow.path("state").asString()).isEqualTo("done");
    }
  }
}
