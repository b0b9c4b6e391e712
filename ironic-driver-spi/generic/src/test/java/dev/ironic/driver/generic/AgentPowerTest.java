package dev.ironic.driver.generic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.tck.FakeAgent;
import dev.ironic.driver.tck.PowerInterfaceContract;
import dev.ironic.driver.tck.TestCertificates;
import dev.ironic.driver.tck.TestContext;
import dev.ironic.driver.tck.TestNode;
import dev.ironic.driver.tck.TestNodeTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentPowerTest {

  private static final String TOKEN = "a-token-that-is-long-enough-for-the-agent-x";

  @TempDir private Path folder = Path.of("");

  private final TestContext context =
      TestContext.of(Map.of("deploy.fast_track", "true", "deploy.fast_track_timeout", "300"));
  private final FakeAgent agent = FakeAgent.start(TOKEN);
  private final AgentPower power = new AgentPower(context);
  private final TestNode node = new TestNode();
  private final TestNodeTask task = new TestNodeTask(node, context).with(power);

  @BeforeEach
  void report() throws IOException {
    Path certificate = folder.resolve("agent.crt");
    Files.writeString(certificate, TestCertificates.AGENT.pem());
    node.internal("agent_url", agent.uri().toString())
        .internal("agent_verify_ca", certificate.toString())
        .internal("agent_secret_token", TOKEN)
        .internal("agent_last_heartbeat", context.clock().instant().toString());
  }

  @AfterEach
  void close() {
    power.close();
    agent.close();
  }

  @Nested
  class Contract extends PowerInterfaceContract {
    @Override
    protected TestNodeTask task() {
      return task;
    }

    @Override
    protected boolean reachesMachinesThatAreOff() {
      return false;
    }

    @Override
    protected boolean callsController() {
      return false;
    }

    @Override
    protected void machineIs(PowerState state) {
      assertThat(state).isEqualTo(PowerState.POWER_ON);
    }
  }

  @Test
  void restartsTheMachineByItsAgent() {
    assertThatCode(() -> power.validate(task)).doesNotThrowAnyException();
    power.setPowerState(task, PowerState.SOFT_REBOOT, null);
    assertThat(agent.commands()).extracting(FakeAgent.Command::name).containsExactly("run_image");
  }

  @Test
  void knowsNothingOfAMachineWhoseAgentIsSilent() {
    context.clock().sleep(Duration.ofSeconds(301));
    assertThat(power.powerState(task)).isNull();
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> power.validate(task))
        .withMessageContaining("No agent has reported for node " + node.uuid());
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> power.setPowerState(task, PowerState.POWER_ON, null))
        .withMessageContaining("cannot switch node");
  }

  @Test
  void switchesNothingOff() {
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> power.setPowerState(task, PowerState.POWER_OFF, null))
        .withMessageContaining("'power off'");
    assertThat(agent.commands()).isEmpty();
  }

  @Test
  void needsFastTrack() {
    node.driverInfo("fast_track", false);
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> power.validate(task))
        .withMessage("Fast track mode must be enabled to use the agent power interface");
  }
}
