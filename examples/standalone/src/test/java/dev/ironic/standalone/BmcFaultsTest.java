package dev.ironic.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.lab.LabMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/**
 * What goes wrong with BMCs, from end to end; like {@link FaultsTest}. The waits of the server are
 * short, but for {@link DeadMinuteTest}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
class BmcFaultsTest {

  private FaultLab lab;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    lab =
        new FaultLab(
            folder,
            """
            step_unreachable_timeout = 8
            bmc_pause = 0
            sync_power_state_interval = 5
            power_failure_recovery_interval = 2

            [redfish]
            connection_attempts = 2
            connection_retry_interval = 1
            read_timeout = 3
            """);
  }

  @AfterAll
  void stop() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void wrongPasswordAtFirst() throws IOException {
    try (LabMachine machine = lab.machine("password")) {
      String node =
          lab.enrol(machine, "password", Map.of("redfish_password", FaultLab.OTHER_PASSWORD));
      lab.client().provision(node, "manage");
      assertThat(lab.awaitRefusal(node)).satisfies(error -> rejected(error, machine));
      setPassword(node, FaultLab.PASSWORD);
      lab.client().provision(node, "manage");
      assertThat(lab.client().await(node, "manageable").path("last_error").isNull()).isTrue();
    }
  }

  @Test
  void passwordThatBecomesWrong() throws IOException {
    try (LabMachine machine = lab.machine("changed")) {
      String node = lab.available(machine, "changed");
      machine.bmc().changePassword(FaultLab.OTHER_PASSWORD);
      machine.bmc().expireSessions();
      lab.deploy(node, lab.instanceInfo(FaultLab.IMAGE));
      assertThat(lab.awaitFailure(node, "deploy failed"))
          .satisfies(error -> rejected(error, machine));

      JsonNode aside = lab.awaitNode(node, now -> now.path("maintenance").asBoolean());
      assertThat(aside.path("fault").asString()).isEqualTo("power failure");
      assertThat(aside.path("maintenance_reason").asString())
          .satisfies(reason -> rejected(reason, machine));
      setPassword(node, FaultLab.OTHER_PASSWORD);
      lab.awaitNode(node, now -> !now.path("maintenance").asBoolean());
      lab.deploysWell(node, machine);
    }
  }

  private static void rejected(String error, LabMachine machine) {
    assertThat(error)
        .contains(machine.bmc().uri().toString())
        .contains("rejected the credentials of user admin")
        .contains("check redfish_username and redfish_password")
        .doesNotContain(FaultLab.PASSWORD, FaultLab.OTHER_PASSWORD);
  }

  private void setPassword(String node, String password) {
    lab.client().replace(node, "/driver_info/redfish_password", password);
  }

  @Test
  void deadFromTheStart() throws IOException {
    try (LabMachine machine = lab.machine("dead")) {
      String node = lab.available(machine, "dead");
      machine.bmc().die();
      lab.deploy(node, lab.instanceInfo(FaultLab.IMAGE));
      assertThat(lab.awaitFailure(node, "deploy failed"))
          .satisfies(error -> unreachable(error, machine, "connection refused"));
      // Long enough for the periodic look at the power to give up, too.
      lab.awaitNode(node, now -> now.path("maintenance").asBoolean());
      machine.bmc().revive();
      lab.awaitNode(node, now -> !now.path("maintenance").asBoolean());
      lab.deploysWell(node, machine);
    }
  }

  private static void unreachable(String error, LabMachine machine, String why) {
    assertThat(error)
        .contains("The BMC at " + machine.bmc().uri() + " cannot be reached")
        .contains(why);
  }

  @Test
  void deadInTheMiddleForAWhile() throws IOException {
    try (LabMachine machine = lab.machine("away");
        ImageHost images = lab.images()) {
      String node = lab.available(machine, "away");
      dieWhileTheImageIsWritten(node, machine, images);
      JsonNode waiting =
          lab.awaitStep(
              node,
              "prepare_instance_boot",
              step ->
                  step.path("state").asString("").equals("waiting")
                      && !step.path("progress").path("message").isNull());
      assertThat(waiting.path("progress").path("message").asString())
          .satisfies(message -> unreachable(message, machine, "connection refused"));
      machine.bmc().revive();
      lab.awaitDeployed(node, machine);
    }
  }

  @Test
  void deadInTheMiddleForGood() throws IOException {
    try (LabMachine machine = lab.machine("gone");
        ImageHost images = lab.images()) {
      String node = lab.available(machine, "gone");
      dieWhileTheImageIsWritten(node, machine, images);
      assertThat(lab.awaitFailure(node, "deploy failed"))
          .contains("prepare_instance_boot")
          .satisfies(error -> unreachable(error, machine, "connection refused"));

      lab.client().provision(node, "deleted");
      assertThat(lab.awaitFailure(node, "error"))
          .satisfies(error -> unreachable(error, machine, "connection refused"));
      machine.bmc().revive();
      lab.awaitNode(node, now -> !now.path("maintenance").asBoolean());
      lab.client().provision(node, "deleted");
      lab.client().await(node, "available");
      lab.deploysWell(node, machine);
    }
  }

  /** Writing needs no BMC; what comes after it does. */
  private void dieWhileTheImageIsWritten(String node, LabMachine machine, ImageHost images)
      throws IOException {
    lab.deployInPart(node, images);
    machine.bmc().die();
    images.letPass();
  }

  @Test
  void hanging() throws IOException {
    try (LabMachine machine = lab.machine("hanging")) {
      String node = lab.enrol(machine, "hanging", Map.of());
      machine.bmc().faults().latency(Duration.ofMinutes(1));
      lab.client().provision(node, "manage");
      assertThat(lab.awaitRefusal(node))
          .satisfies(error -> unreachable(error, machine, "timed out"));
      machine.bmc().faults().latency(Duration.ZERO);
      lab.client().provision(node, "manage");
      assertThat(lab.client().await(node, "manageable").path("last_error").isNull()).isTrue();
    }
  }
}
