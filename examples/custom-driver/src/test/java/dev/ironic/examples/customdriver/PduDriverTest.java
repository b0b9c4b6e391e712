package dev.ironic.examples.customdriver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.tck.HardwareTypeContract;
import dev.ironic.driver.tck.ManagementInterfaceContract;
import dev.ironic.driver.tck.PowerInterfaceContract;
import dev.ironic.driver.tck.TestContext;
import dev.ironic.driver.tck.TestNode;
import dev.ironic.driver.tck.TestNodeTask;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PduDriverTest {

  private final TestContext context = TestContext.of(Map.of("pdu.power_timeout", "5"));
  private final FakePdu pdu = new FakePdu();
  private final PduPower power = new PduPower(context);
  private final PduManagement management = new PduManagement(context);
  private final TestNode node =
      new TestNode()
          .driver("pdu")
          .driverInfo("pdu_address", pdu.address())
          .driverInfo("pdu_outlet", 3)
          .driverInfo("pdu_username", "admin")
          .driverInfo("pdu_password", FakePdu.PASSWORD);
  private final TestNodeTask task = new TestNodeTask(node, context).with(power).with(management);

  @AfterEach
  void close() {
    power.close();
    management.close();
    pdu.close();
  }

  @Nested
  class Plugin extends HardwareTypeContract {
    @Override
    protected DriverPlugin plugin() {
      return new PduDriverPlugin();
    }
  }

  @Nested
  class Power extends PowerInterfaceContract {
    @Override
    protected TestNodeTask task() {
      return task;
    }

    @Override
    protected void machineIs(PowerState state) {
      pdu.machineIs(state);
    }
  }

  @Nested
  class Management extends ManagementInterfaceContract {
    @Override
    protected TestNodeTask task() {
      return task;
    }
  }

  @Test
  void recordsWhatTheMachineDraws() {
    pdu.machineIs(PowerState.POWER_ON);
    power.recordWatts(task);
    assertThat(node.driverInternalInfo()).containsEntry("watts", "143");
  }

  @Test
  void tellsWhatIsWrongWithoutThePassword() {
    node.driverInfo("pdu_password", "not-the-password");
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> power.powerState(task))
        .withMessageContaining("outlet 3 of " + pdu.address())
        .withMessageContaining("admin")
        .withMessageNotContaining("not-the-password");
    node.driverInfo("pdu_outlet", "three");
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> power.validate(task))
        .withMessageContaining("'three'")
        .matches(e -> e.kind() == DriverException.Kind.INVALID_PARAMETER);
  }

  @Test
  void aDeadUnitIsUnreachable() {
    pdu.close();
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> power.powerState(task))
        .withMessageContaining(pdu.address())
        .matches(e -> e.kind() == DriverException.Kind.UNREACHABLE);
  }
}
