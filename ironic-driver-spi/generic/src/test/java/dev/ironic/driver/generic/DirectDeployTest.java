package dev.ironic.driver.generic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.Repeat;
import dev.ironic.driver.Step;
import dev.ironic.driver.StepKind;
import dev.ironic.driver.StepProgress;
import dev.ironic.driver.StepResult;
import dev.ironic.driver.tck.DeployInterfaceContract;
import dev.ironic.driver.tck.FakeAgent;
import dev.ironic.driver.tck.HardwareTypeContract;
import dev.ironic.driver.tck.TestCertificates;
import dev.ironic.driver.tck.TestContext;
import dev.ironic.driver.tck.TestNode;
import dev.ironic.driver.tck.TestNodeTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectDeployTest {

  private static final String TOKEN = "a-token-that-is-long-enough-for-the-agent-x";

  @TempDir private Path folder = Path.of("");

  private final TestContext context =
      TestContext.of(
          Map.of(
              "service_catalog.endpoint_override", "http://192.0.2.1:6385",
              "deploy.erase_devices_priority", "0",
              "deploy.erase_devices_metadata_priority", "20"));
  private final FakeAgent agent = FakeAgent.start(TOKEN);
  private final DirectDeploy deploy = new DirectDeploy(context);
  private final SimplePower power = new SimplePower();
  private final SimpleBoot boot = new SimpleBoot();
  private final TestNode node = new TestNode();
  private TestNodeTask task = new TestNodeTask(node, context);

  @BeforeEach
  void enroll() {
    task =
        new TestNodeTask(node, context)
            .with(power)
            .with(boot)
            .with(deploy)
            .with(new NoopNetwork())
            .with(new NoopStorage())
            .with(new NoopManagement())
            .withPort("52:54:00:00:00:01");
    agent.answers("deploy.get_deploy_steps", steps("deploy", List.of()));
    agent.answers(
        "clean.get_clean_steps",
        steps(
            "clean",
            List.of(
                Map.of("step", "erase_devices", "interface", "deploy", "priority", 10),
                Map.of(
                    "step",
                    "erase_devices_metadata",
                    "interface",
                    "deploy",
                    "priority",
                    99,
                    "abortable",
                    true))));
    agent.answers("standby.get_partition_uuids", Map.of("root uuid", "0x12345678"));
  }

  @AfterEach
  void close() {
    deploy.close();
    agent.close();
  }

  @Nested
  class Plugin extends HardwareTypeContract {
    @Override
    protected DriverPlugin plugin() {
      return new GenericDriverPlugin();
    }
  }

  @Nested
  class Deploy extends DeployInterfaceContract {
    @Override
    protected TestNodeTask task() {
      return task;
    }
  }

  @Test
  void deploysFromTheRamdiskToTheInstance() throws IOException {
    assertThat(deploy.prepare(task)).isEqualTo(StepResult.done());
    assertThat(boot.ramdisk).containsEntry("ipa-api-url", "http://192.0.2.1:6385");
    assertThat(run("deploy")).isEqualTo(StepResult.waiting());
    assertThat(probe("deploy")).as("no agent yet").isEqualTo(StepResult.waiting());
    heartbeat();
    assertThat(probe("deploy")).isEqualTo(StepResult.done());

    agent.keepsRunning("standby.prepare_image");
    assertThat(run("write_image")).isInstanceOf(StepResult.Waiting.class);
    agent.progress(5, 20);
    assertThat(probe("write_image"))
        .isInstanceOfSatisfying(
            StepResult.Waiting.class,
            waiting ->
                assertThat(waiting.progress())
                    .isEqualTo(StepProgress.bytes("Writing the image", 5, 20L)));
    agent.finish(Map.of("result", "done"));
    assertThat(probe("write_image")).isEqualTo(StepResult.done());
    FakeAgent.Command write = agent.commands().getLast();
    assertThat(String.valueOf(write.params().get("image_info")))
        .contains("image.raw", "sha256", node.uuid());

    assertThat(run("prepare_instance_boot")).isEqualTo(StepResult.done());
    assertThat(agent.commands())
        .extracting(FakeAgent.Command::name)
        .containsSubsequence("get_partition_uuids", "install_bootloader");
    assertThat(boot.instancePrepared).isTrue();
    assertThat(node.internalText("root_uuid_or_disk_id")).contains("0x12345678");

    assertThat(run("tear_down_agent")).isEqualTo(StepResult.done());
    assertThat(power.state).isEqualTo(PowerState.POWER_OFF);
    run("switch_to_tenant_network");
    run("boot_instance");
    assertThat(power.state).isEqualTo(PowerState.POWER_ON);
    assertThat(agent.commands()).extracting(FakeAgent.Command::name).contains("power_off");
  }

  @Test
  void writingGoesOnUnderAnotherConductor() throws IOException {
    heartbeat();
    agent.keepsRunning("standby.prepare_image");
    run("write_image");
    var successor = new DirectDeploy(context);
    try {
      var taken = new TestNodeTask(node, context).with(successor).with(new NoopStorage());
      assertThat(successor.probeStep(taken, StepKind.DEPLOY, step(StepKind.DEPLOY, "write_image")))
          .isInstanceOf(StepResult.Waiting.class);
      assertThat(agent.commands()).hasSize(1);
    } finally {
      successor.close();
    }
  }

  @Test
  void writingStartsAgainAfterTheMachineRestarted() throws IOException {
    heartbeat();
    agent.keepsRunning("standby.prepare_image");
    run("write_image");
    agent.restart();
    assertThat(probe("write_image")).isInstanceOf(StepResult.Waiting.class);
    assertThat(agent.commands())
        .extracting(FakeAgent.Command::name)
        .containsExactly("prepare_image");
  }

  @Test
  void waitsForAnAgentThatDoesNotAnswer() throws IOException {
    heartbeat();
    agent.keepsRunning("standby.prepare_image");
    run("write_image");
    agent.die();
    assertThat(probe("write_image")).isInstanceOf(StepResult.Waiting.class);
    agent.revive();
    agent.finish(Map.of());
    assertThat(probe("write_image")).isEqualTo(StepResult.done());
  }

  @Test
  void failsInTheAgentsWords() throws IOException {
    heartbeat();
    agent.fails(
        "standby.prepare_image", "ImageChecksumError", "Checksum mismatch", "expected 00, was ff");
    assertThat(run("write_image"))
        .isEqualTo(
            StepResult.failed(
                "The agent failed to write the image: ImageChecksumError: Checksum mismatch:"
                    + " expected 00, was ff"));
  }

  @Test
  void cleansWithTheStepsThatTheAgentOffers() throws IOException {
    assertThat(deploy.prepareSteps(task, StepKind.CLEAN)).isEqualTo(StepResult.waiting());
    assertThat(deploy.steps(task, StepKind.CLEAN)).isEmpty();
    heartbeat();
    assertThat(deploy.agentReady(task, StepKind.CLEAN)).isEqualTo(StepResult.done());
    assertThat(deploy.steps(task, StepKind.CLEAN))
        .extracting(Step::name, Step::priority, Step::repeat)
        .containsExactly(
            tuple("erase_devices", 0, Repeat.PROBE),
            tuple("erase_devices_metadata", 20, Repeat.PROBE));
    assertThat(node.driverInternalInfo())
        .containsEntry("disk_erasure_concurrency", 4)
        .containsKeys("agent_cached_clean_steps", "agent_cached_clean_steps_refreshed");

    Step erase = step(StepKind.CLEAN, "erase_devices_metadata");
    agent.keepsRunning("clean.execute_clean_step");
    assertThat(deploy.executeStep(task, StepKind.CLEAN, erase))
        .isInstanceOf(StepResult.Waiting.class);
    assertThat(deploy.probeStep(task, StepKind.CLEAN, erase))
        .isInstanceOf(StepResult.Waiting.class);
    agent.finish(Map.of("clean_result", "ok"));
    assertThat(deploy.probeStep(task, StepKind.CLEAN, erase)).isEqualTo(StepResult.done());

    Step next = step(StepKind.CLEAN, "erase_devices");
    agent.fails("clean.execute_clean_step", "BlockDeviceEraseError", "No luck", "sda");
    assertThat(deploy.probeStep(task, StepKind.CLEAN, next))
        .as("the command of the step before does not count for this one")
        .isEqualTo(
            StepResult.failed(
                "The agent failed at clean step deploy.erase_devices: BlockDeviceEraseError: No"
                    + " luck: sda"));
    deploy.tearDownSteps(task, StepKind.CLEAN);
    assertThat(power.state).isEqualTo(PowerState.POWER_OFF);
  }

  @Test
  void prioritiesOfCleaningDoNotMakeADeploymentErase() throws IOException {
    agent.answers(
        "deploy.get_deploy_steps",
        steps(
            "deploy",
            List.of(
                Map.of("step", "erase_devices_metadata", "interface", "deploy", "priority", 0))));
    heartbeat();
    assertThat(deploy.agentReady(task, StepKind.DEPLOY)).isEqualTo(StepResult.done());
    assertThat(step(StepKind.DEPLOY, "erase_devices_metadata").priority()).isZero();
  }

  @Test
  void trustsOnlyTheCertificateOfTheHeartbeat() throws IOException {
    heartbeat();
    Files.writeString(folder.resolve("agent.crt"), TestCertificates.BMC.pem());
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> run("prepare_instance_boot"))
        .withMessageContaining("another certificate than the agent announced");
    assertThat(agent.commands()).isEmpty();
  }

  @Test
  void aWrongTokenIsAnErrorWithoutTheToken() throws IOException {
    heartbeat();
    node.internal("agent_secret_token", "another-secret-token");
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> run("prepare_instance_boot"))
        .withMessageContaining("HTTP 401")
        .matches(e -> !String.valueOf(e.getMessage()).contains("another-secret-token"));
  }

  @Test
  void aBusyAgentIsTriedLater() throws IOException {
    heartbeat();
    agent.keepsRunning("standby.prepare_image");
    run("write_image");
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> run("prepare_instance_boot"))
        .matches(e -> e.kind() == DriverException.Kind.AGENT_BUSY);
  }

  @Test
  void fastTrackNeedsAFreshHeartbeat() throws IOException {
    heartbeat();
    assertThat(deploy.fastTrack(task)).as("off by default").isFalse();
    node.driverInfo("fast_track", true).powerState(PowerState.POWER_ON);
    assertThat(deploy.fastTrack(task)).isTrue();
    context.clock().sleep(Duration.ofSeconds(301));
    assertThat(deploy.fastTrack(task)).isFalse();
  }

  private void heartbeat() throws IOException {
    Path certificate = folder.resolve("agent.crt");
    Files.writeString(certificate, TestCertificates.AGENT.pem());
    node.internal("agent_url", agent.uri().toString())
        .internal("agent_verify_ca", certificate.toString())
        .internal("agent_secret_token", TOKEN)
        .internal("agent_last_heartbeat", "2026-01-01T00:00:00.000000");
  }

  private StepResult run(String name) {
    return deploy.executeStep(task, StepKind.DEPLOY, step(StepKind.DEPLOY, name));
  }

  private StepResult probe(String name) {
    return deploy.probeStep(task, StepKind.DEPLOY, step(StepKind.DEPLOY, name));
  }

  private Step step(StepKind kind, String name) {
    return deploy.steps(task, kind).stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, Object> steps(String noun, List<Map<String, Object>> steps) {
    return Map.of(
        noun + "_steps",
        Map.of("GenericHardwareManager", steps),
        "hardware_manager_version",
        Map.of("generic_hardware_manager", "1.2"));
  }

  @Test
  void whatIsNotThereSaysSo() {
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> new NoBios().validate(task))
        .withMessage("Driver test-hardware does not support bios (disabled or not implemented).");
  }
}
