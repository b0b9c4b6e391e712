package dev.ironic.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Each fault ends in the right state and names its cause; once that is cured, a retry succeeds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsTest {

  private static final String OTHER_SHA256 = "0".repeat(64);

  private FaultLab lab;
  private String node;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    lab =
        new FaultLab(
            folder,
            16,
            """
            deploy_callback_timeout = 8
            clean_callback_timeout = 8
            check_provision_state_interval = 1
            step_unreachable_timeout = 5
            """);
    node = lab.manageable();
    // Cleaning is the subject of one test; the others need not wait for it.
    automatedClean(false);
    lab.provision(node, "provide");
    lab.awaitState(node, "available");
  }

  @AfterAll
  void stop() throws IOException {
    lab.close();
    assertThat(lab.logs()).doesNotContain(FaultLab.SECRETS);
  }

  @BeforeEach
  void nodeIsAvailable() throws IOException {
    backToAvailable();
  }

  @Test
  void aWrongChecksum() throws IOException {
    lab.deploy(node, lab.images().url(FaultLab.GOOD_IMAGE), OTHER_SHA256);

    assertThat(lab.awaitFailure(node, "deploy failed"))
        .contains("checksum")
        .contains(OTHER_SHA256)
        .contains(lab.sha256(FaultLab.GOOD_IMAGE));

    backToAvailable();
    lab.deployWell(node);
  }

  @Test
  void anImageThatCannotBeHad() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    lab.deploy(node, "http://127.0.0.1:%d/good.img".formatted(closed), OTHER_SHA256);
    assertThat(lab.awaitFailure(node, "deploy failed"))
        .contains("http://127.0.0.1:%d/good.img".formatted(closed))
        .containsIgnoringCase("connection refused");

    // A failed deployment may be tried again as it is.
    String missing = lab.images().url("missing.img");
    lab.deploy(node, missing.replace("//", "//reader:image-secret@"), OTHER_SHA256);
    assertThat(lab.awaitFailure(node, "deploy failed")).contains("missing.img").contains("404");

    lab.deployWell(node);
  }

  @Test
  void aDiskThatIsTooSmall() throws IOException {
    lab.deploy(node, lab.images().url(FaultLab.LARGE_IMAGE), lab.sha256(FaultLab.LARGE_IMAGE));

    assertThat(lab.awaitFailure(node, "deploy failed"))
        .contains(Long.toString(64 << 20))
        .contains(Long.toString(48 << 20))
        .contains("large.img");

    lab.deployWell(node);
  }

  @Test
  void aWrongPasswordAtFirst() throws IOException {
    Map<String, Object> info = new LinkedHashMap<>(lab.driverInfo());
    info.put("redfish_password", "not-the-secret");
    String other = lab.enrol("wrong-password", info);
    lab.provision(other, "manage");

    JsonNode refused = lab.awaitError(other, "enroll");
    assertThat(refused.path("last_error").asString())
        .contains(lab.bmc().uri().toString())
        .contains("rejected the credentials")
        .contains("redfish_password");
    assertThat(refused.path("target_provision_state").isNull()).isTrue();

    lab.setDriverInfo(other, "redfish_password", lab.driverInfo().get("redfish_password"));
    lab.provision(other, "manage");
    assertThat(lab.awaitState(other, "manageable").path("last_error").isNull()).isTrue();
    lab.client().delete(other);
  }

  @Test
  void aPasswordThatBecomesWrong() throws IOException {
    lab.bmc().changePassword("not-the-secret");
    lab.bmc().expireSessions();
    lab.deploy(node, lab.images().url(FaultLab.GOOD_IMAGE), lab.sha256(FaultLab.GOOD_IMAGE));

    assertThat(lab.awaitFailure(node, "deploy failed"))
        .contains(lab.bmc().uri().toString())
        .contains("rejected the credentials");

    lab.setDriverInfo(node, "redfish_password", "not-the-secret");
    lab.deployWell(node);
    lab.bmc().changePassword("lab-secret");
    lab.setDriverInfo(node, "redfish_password", "lab-secret");
  }

  @Test
  void anAgentThatNeverCallsBack() throws IOException {
    lab.backend().dumb(true);
    lab.deploy(node, lab.images().url(FaultLab.GOOD_IMAGE), lab.sha256(FaultLab.GOOD_IMAGE));
    assertThat(lab.awaitFailure(node, "deploy failed")).containsIgnoringCase("timeout");

    automatedClean(true);
    lab.provision(node, "deleted");
    assertThat(lab.awaitFailure(node, "clean failed")).containsIgnoringCase("timeout");

    lab.backend().dumb(false);
    lab.provision(node, "manage");
    lab.awaitState(node, "manageable");
    lab.provision(node, "provide");
    lab.awaitState(node, "available");
    automatedClean(false);
    lab.deployWell(node);
  }

  @Test
  void aBmcThatIsAwayForAWhileIsWaitedFor() throws IOException {
    deployUntilTheBmcIsDead();
    assertThat(lab.awaitSilence(node, "prepare_instance_boot"))
        .contains("The BMC at " + lab.bmc().uri() + " cannot be reached")
        .contains("connection refused");

    lab.bmc().revive();
    lab.awaitGoodImage(node);
  }

  @Test
  void aBmcThatStaysDead() throws IOException {
    deployUntilTheBmcIsDead();
    assertThat(lab.awaitFailure(node, "deploy failed"))
        .contains("prepare_instance_boot")
        .contains("The BMC at " + lab.bmc().uri() + " cannot be reached");

    lab.provision(node, "deleted");
    assertThat(lab.awaitFailure(node, "error")).contains("cannot be reached");

    lab.bmc().revive();
    backToAvailable();
    lab.deployWell(node);
  }

  @Test
  void aBmcThatHangs() throws IOException {
    String other = lab.enrol("hanging", lab.driverInfo());
    lab.bmc().faults().latency(Duration.ofSeconds(60));
    lab.provision(other, "manage");

    assertThat(lab.awaitError(other, "enroll").path("last_error").asString())
        .contains("The BMC at " + lab.bmc().uri() + " cannot be reached")
        .contains("timed out");

    lab.bmc().faults().latency(Duration.ZERO);
    lab.provision(other, "manage");
    lab.awaitState(other, "manageable");
    lab.client().delete(other);
  }

  /** It dies while the image is written, which needs none. */
  private void deployUntilTheBmcIsDead() throws IOException {
    lab.images().holdAfter(8);
    lab.deploy(node, lab.images().url(FaultLab.GOOD_IMAGE), lab.sha256(FaultLab.GOOD_IMAGE));
    lab.awaitProgress(node, "write_image");
    lab.bmc().die();
    lab.images().letGo();
  }

  private void automatedClean(boolean wanted) throws IOException {
    lab.replace(node, "/automated_clean", wanted);
  }

  private void backToAvailable() throws IOException {
    if (!lab.client().get(node).path("provision_state").asString().equals("available")) {
      lab.provision(node, "deleted");
      lab.awaitState(node, "available");
    }
  }
}
