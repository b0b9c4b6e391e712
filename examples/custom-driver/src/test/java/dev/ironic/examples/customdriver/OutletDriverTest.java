package dev.ironic.examples.customdriver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.tck.BootInterfaceContract;
import dev.ironic.driver.tck.HardwareTypeContract;
import dev.ironic.driver.tck.PowerInterfaceContract;
import dev.ironic.driver.tck.TestContext;
import dev.ironic.driver.tck.TestNode;
import dev.ironic.driver.tck.TestNodeTask;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contracts of the kit, and what is special to outlets. */
class OutletDriverTest {

  private final TestContext context = TestContext.of(Map.of());
  private final PowerStrip strip = new PowerStrip();
  private final OutletPower power = new OutletPower(context);
  private final TestNode node =
      new TestNode()
          .driverInfo("outlet_address", strip.uri().toString())
          .driverInfo("outlet_number", 3);
  private final TestNodeTask task =
      new TestNodeTask(node, context).with(power).with(new LocalDiskBoot());

  @AfterEach
  void close() {
    power.close();
    strip.close();
  }

  @Nested
  class Plugin extends HardwareTypeContract {
    @Override
    protected DriverPlugin plugin() {
      return new OutletDriverPlugin();
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
      strip.set(3, state == PowerState.POWER_ON ? "on" : "off");
    }
  }

  @Nested
  class Boot extends BootInterfaceContract {
    @Override
    protected TestNodeTask task() {
      return task;
    }

    @Override
    protected boolean startsRamdisks() {
      return false;
    }
  }

  @Test
  void saysWhichSettingIsWrong() {
    node.driverInfo("outlet_number", "third");
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> power.validate(task))
        .withMessage("outlet_number 'third' must be a number from 1");
  }

  @Test
  void aStripThatDoesNotAnswerIsUnreachable() {
    strip.close();
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> power.powerState(task))
        .matches(e -> e.kind() == DriverException.Kind.UNREACHABLE)
        .withMessageContaining("/outlets/3/state");
  }

  @Test
  void storesTheMeterWhenItMoved() {
    strip.set(3, "on");
    power.readMeter(task);
    assertThat(node.driverInternalInfo()).containsEntry(OutletPower.WATTS, "42");
  }
}
