package dev.ironic.driver.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ironic.driver.BootDevice;
import dev.ironic.driver.DriverException;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every management interface has to keep. */
public abstract class ManagementInterfaceContract {

  /** A task whose node uses the management interface under test. */
  protected abstract TestNodeTask task();

  /** Whether a boot device that was set can be read back. */
  protected boolean remembersBootDevice() {
    return true;
  }

  /** Two machines, one with a controller that hangs; empty where no controller can be made to. */
  protected Optional<HangingController> hangingController() {
    return Optional.empty();
  }

  @Test
  void callsItsControllerOnlyThroughTheConductor() {
    TestNodeTask task = task();
    BootDevice device = task.management().supportedBootDevices(task).iterator().next();
    DirectBmcCalls calls = task.context().bmcCalls();
    calls.leaveAlone(true);
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> task.management().setBootDevice(task, device, false))
        .matches(e -> e.kind() == DriverException.Kind.UNREACHABLE);
    calls.leaveAlone(false);
    task.management().setBootDevice(task, device, false);
    assertThat(calls.changing()).isNotEmpty();
  }

  @Test
  void aControllerThatHangsDelaysNoOtherMachine() {
    Optional<HangingController> controllers = hangingController();
    assumeTrue(controllers.isPresent(), "no controller can be made to hang");
    controllers.orElseThrow().verify(task -> task.management().bootDevice(task));
  }

  @Test
  void acceptsTheDevicesThatItNames() {
    TestNodeTask task = task();
    Set<BootDevice> devices = task.management().supportedBootDevices(task);
    assertThat(devices).isNotEmpty();
    for (BootDevice device : devices) {
      task.management().setBootDevice(task, device, false);
      if (remembersBootDevice()) {
        assertThat(task.management().bootDevice(task))
            .isEqualTo(new BootDevice.Selection(device, false));
      }
    }
  }

  @Test
  void keepsALastingChoice() {
    TestNodeTask task = task();
    BootDevice device = task.management().supportedBootDevices(task).iterator().next();
    task.management().setBootDevice(task, device, true);
    if (remembersBootDevice()) {
      assertThat(task.management().bootDevice(task))
          .isEqualTo(new BootDevice.Selection(device, true));
    }
  }

  @Test
  void refusesOtherDevicesWithoutTouchingTheMachine() {
    TestNodeTask task = task();
    Set<BootDevice> devices = task.management().supportedBootDevices(task);
    BootDevice.Selection before = task.management().bootDevice(task);
    for (BootDevice device : BootDevice.values()) {
      if (!devices.contains(device)) {
        assertThatExceptionOfType(DriverException.class)
            .isThrownBy(() -> task.management().setBootDevice(task, device, false))
            .matches(e -> e.kind() == DriverException.Kind.INVALID_PARAMETER);
      }
    }
    assertThat(task.management().bootDevice(task)).isEqualTo(before);
  }
}
