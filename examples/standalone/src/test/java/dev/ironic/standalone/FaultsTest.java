package dev.ironic.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.lab.LabMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What goes wrong with images and agents, from end to end. Each fault ends in the right state and
 * with its cause in {@code last_error}; once the cause is gone, trying again is enough.
 *
 * <p>The cases wait most of the time, so they run side by side on one server.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
class FaultsTest {

  private FaultLab lab;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    lab =
        new FaultLab(
            folder,
            """
            deploy_callback_timeout = 20
            clean_callback_timeout = 20
            check_provision_state_interval = 1
            """);
  }

  @AfterAll
  void stop() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void wrongChecksum() throws IOException {
    try (LabMachine machine = lab.machine("checksum")) {
      String node = lab.available(machine, "checksum");
      Map<String, Object> wrong = lab.instanceInfo(FaultLab.IMAGE);
      Object right = wrong.put("image_os_hash_value", "0".repeat(64));
      lab.deploy(node, wrong);
      assertThat(lab.awaitFailure(node, "deploy failed"))
          .contains(FaultLab.IMAGE)
          .containsIgnoringCase("checksum")
          .contains("0".repeat(64))
          .contains(String.valueOf(right));
      // Once by way of a node that is available again, elsewhere at once.
      lab.client().provision(node, "deleted");
      assertThat(lab.client().await(node, "available").path("last_error").isNull()).isTrue();
      lab.deploysWell(node, machine);
    }
  }

  @Test
  void unreachableImage() throws IOException {
    try (LabMachine machine = lab.machine("unreachable")) {
      String node = lab.available(machine, "unreachable");
      Map<String, Object> missing = lab.instanceInfo(FaultLab.IMAGE);
      String url = lab.imageUrl("missing.img");
      missing.put("image_source", url.replace("://", "://reader:" + FaultLab.IMAGE_PASSWORD + "@"));
      lab.deploy(node, missing);
      assertThat(lab.awaitFailure(node, "deploy failed")).contains("missing.img").contains("404");

      missing.put("image_source", "http://127.0.0.1:1/gone.img");
      lab.deploy(node, missing);
      assertThat(lab.awaitFailure(node, "deploy failed"))
          .contains("http://127.0.0.1:1/gone.img")
          .contains("connection refused");
      lab.deploysWell(node, machine);
    }
  }

  @Test
  void diskTooSmall() throws IOException {
    try (LabMachine machine = lab.machine("disk")) {
      String node = lab.available(machine, "disk");
      lab.deploy(node, lab.instanceInfo(FaultLab.LARGE_IMAGE));
      assertThat(lab.awaitFailure(node, "deploy failed"))
          .contains(FaultLab.LARGE_IMAGE)
          .contains(Long.toString((long) FaultLab.LARGE_IMAGE_MEBIBYTES << 20))
          .contains(Long.toString((long) FaultLab.DISK_MEBIBYTES << 20));
      lab.deploysWell(node, machine);
    }
  }

  @Test
  void agentThatNeverCallsBack(@TempDir Path folder) throws IOException {
    Path broken = folder.resolve("broken-agent.jar");
    try (LabMachine machine = lab.machine("silent", broken)) {
      String node = lab.available(machine, "silent");
      lab.deploy(node, lab.instanceInfo(FaultLab.IMAGE));
      assertThat(lab.awaitFailure(node, "deploy failed"))
          .contains("Timeout reached while waiting for callback")
          .contains("20 s")
          .contains("console");
      Files.copy(lab.agent(), broken);
      lab.deploysWell(node, machine);
    }
  }

  @Test
  void agentThatNeverCallsBackForCleaning(@TempDir Path folder) throws IOException {
    Path broken = folder.resolve("broken-agent.jar");
    try (LabMachine machine = lab.machine("unclean", broken)) {
      String node = lab.enrol(machine, "unclean", Map.of());
      lab.client().replace(node, "/automated_clean", true);
      lab.client().provision(node, "manage");
      lab.client().await(node, "manageable");
      lab.client().provision(node, "provide");
      assertThat(lab.awaitFailure(node, "clean failed"))
          .contains("Timeout reached")
          .contains("clean wait")
          .contains("console");
      Files.copy(lab.agent(), broken);
      lab.client().provision(node, "manage");
      lab.client().await(node, "manageable");
      lab.client().provision(node, "provide");
      lab.client().await(node, "available");
      lab.deploysWell(node, machine);
    }
  }
}
