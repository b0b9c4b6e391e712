package dev.ironic.driver.ipmi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ironic.driver.BootDevice;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.tck.ManagementInterfaceContract;
import dev.ironic.driver.tck.PowerInterfaceContract;
import dev.ironic.driver.tck.TestContext;
import dev.ironic.driver.tck.TestNode;
import dev.ironic.driver.tck.TestNodeTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contracts, kept by the real program on a BMC that speaks IPMI on a real socket. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealBmcTest {

  private final TestContext context =
      TestContext.of(Map.of("ipmi.min_command_interval", "1", "ipmi.command_retry_timeout", "5"));
  private final Ipmitool ipmitool =
      new Ipmitool(
          IpmiOptions.from(context.config()),
          new ProcessRunner(),
          context.bmcCalls(),
          context.clock());
  private Optional<BmcSimulator> simulator = Optional.empty();

  @BeforeAll
  void start(@TempDir Path folder) throws IOException, InterruptedException {
    List<String> missing = BmcSimulator.missing();
    assumeTrue(
        missing.isEmpty(),
        () -> "no BMC to test with: install " + missing + " (packages ipmitool and openipmi)");
    simulator = Optional.of(BmcSimulator.start(folder));
  }

  @AfterAll
  void stop() {
    simulator.ifPresent(BmcSimulator::close);
  }

  private BmcSimulator simulator() {
    return simulator.orElseThrow();
  }

  private TestNode node() {
    return new TestNode()
        .driverInfo("ipmi_address", "127.0.0.1")
        .driverInfo("ipmi_port", simulator().port())
        .driverInfo("ipmi_username", BmcSimulator.USER)
        .driverInfo("ipmi_password", BmcSimulator.PASSWORD)
        .driverInfo("ipmi_cipher_suite", 3)
        .property("capabilities", "boot_mode:bios");
  }

  private TestNodeTask task(TestNode node) {
    return new TestNodeTask(node, context)
        .with(new IpmiPower(context, ipmitool))
        .with(new IpmiManagement(ipmitool));
  }

  @Nested
  class Power extends PowerInterfaceContract {
    @Override
    protected TestNodeTask task() {
      return RealBmcTest.this.task(node());
    }

    @Override
    protected void machineIs(PowerState state) {
      try {
        simulator().power(state == PowerState.POWER_ON);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Nested
  class Management extends ManagementInterfaceContract {
    @Override
    protected TestNodeTask task() {
      return RealBmcTest.this.task(node());
    }

    @Override
    protected boolean remembersBootDevice() {
      // The simulator knows neither lasting choices nor all devices.
      return false;
    }
  }

  @Test
  void theMachineIsToldWhatToBootInBothModes() throws IOException {
    TestNode node = node();
    TestNodeTask task = task(node);
    task.management().setBootDevice(task, BootDevice.PXE, false);
    assertThat(simulator().boot()).isEqualTo("pxe");
    assertThat(task.management().bootDevice(task))
        .isEqualTo(new BootDevice.Selection(BootDevice.PXE, false));
    node.property("capabilities", "boot_mode:uefi");
    task.management().setBootDevice(task, BootDevice.CDROM, true);
    assertThat(simulator().boot()).isEqualTo("cdrom");
    assertThat(task.management().bootDevice(task).device()).isEqualTo(BootDevice.CDROM);
  }

  @Test
  void theBmcTellsWhoMadeIt() {
    TestNodeTask task = task(node());
    assertThat(task.management().detectVendor(task)).isNotBlank();
    assertThat(task.management().sensors(task)).isEmpty();
  }

  @Test
  void aWrongPasswordIsAFailureThatDoesNotShowIt() {
    TestNodeTask task = task(node().driverInfo("ipmi_password", "wrong-password"));
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> task.power().powerState(task))
        .withMessageContaining("IPMI call failed: power status")
        .matches(e -> !String.valueOf(e.getMessage()).contains("wrong-password"));
  }
}
