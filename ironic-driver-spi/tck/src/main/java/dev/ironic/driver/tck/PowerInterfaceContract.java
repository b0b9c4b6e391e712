package dev.ironic.driver.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.PowerState;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every power interface has to keep, on a machine that is off to begin with. */
public abstract class PowerInterfaceContract {

  /** A task whose node uses the power interface under test. */
  protected abstract TestNodeTask task();

  /** Puts the machine into a state, without the interface under test. */
  protected abstract void machineIs(PowerState state);

  /**
   * Whether it reaches a machine that is off; one that does not is only tried on one that is on.
   */
  protected boolean reachesMachinesThatAreOff() {
    return true;
  }

  /** Whether it calls a management controller; one that does not is not held to its rules. */
  protected boolean callsController() {
    return true;
  }

  /** Two machines, one with a controller that hangs; empty where no controller can be made to. */
  protected Optional<HangingController> hangingController() {
    return Optional.empty();
  }

  @Test
  void callsItsControllerOnlyThroughTheConductor() {
    assumeTrue(callsController(), "it calls no controller");
    TestNodeTask task = task();
    machineIs(PowerState.POWER_OFF);
    DirectBmcCalls calls = task.context().bmcCalls();
    calls.leaveAlone(true);
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> task.power().powerState(task))
        .matches(e -> e.kind() == DriverException.Kind.UNREACHABLE);
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> task.power().setPowerState(task, PowerState.POWER_ON, null))
        .matches(e -> e.kind() == DriverException.Kind.UNREACHABLE);
    calls.leaveAlone(false);
    assertThat(task.power().powerState(task)).isEqualTo(PowerState.POWER_OFF);
    assertThat(calls.made()).isNotEmpty();
  }

  @Test
  void readingIsToldAsReading() {
    assumeTrue(callsController(), "it calls no controller");
    TestNodeTask task = task();
    machineIs(PowerState.POWER_ON);
    task.power().powerState(task); // logs in where that is needed
    DirectBmcCalls calls = task.context().bmcCalls();
    int made = calls.made().size();
    int changing = calls.changing().size();
    task.power().powerState(task);
    assertThat(calls.made()).hasSizeGreaterThan(made);
    assertThat(calls.changing()).hasSize(changing);
  }

  @Test
  void aControllerThatHangsDelaysNoOtherMachine() {
    Optional<HangingController> controllers = hangingController();
    assumeTrue(controllers.isPresent(), "no controller can be made to hang");
    controllers.orElseThrow().verify(task -> task.power().powerState(task));
  }

  @Test
  void readingDoesNotChange() {
    TestNodeTask task = task();
    PowerState state = reachesMachinesThatAreOff() ? PowerState.POWER_OFF : PowerState.POWER_ON;
    machineIs(state);
    assertThat(task.power().powerState(task)).isEqualTo(state);
    assertThat(task.power().powerState(task)).isEqualTo(state);
  }

  @Test
  void everySupportedActionEndsInItsState() {
    TestNodeTask task = task();
    for (PowerState action : task.power().supportedPowerStates(task)) {
      machineIs(
          action.turnsOff() || !reachesMachinesThatAreOff()
              ? PowerState.POWER_ON
              : PowerState.POWER_OFF);
      if (action == PowerState.REBOOT) {
        machineIs(PowerState.POWER_ON);
        task.power().reboot(task, null);
      } else {
        task.power().setPowerState(task, action, null);
      }
      PowerState after = task.power().powerState(task);
      assertThat(after == null ? null : after.settled())
          .as("after %s", action.wireName())
          .isEqualTo(action.settled());
    }
  }

  @Test
  void askingForTheStateItHasIsNoError() {
    TestNodeTask task = task();
    machineIs(PowerState.POWER_ON);
    task.power().setPowerState(task, PowerState.POWER_ON, null);
    assertThat(task.power().powerState(task)).isEqualTo(PowerState.POWER_ON);
  }

  @Test
  void refusesWhatIsNoAction() {
    TestNodeTask task = task();
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> task.power().setPowerState(task, PowerState.ERROR, null))
        .matches(e -> e.kind() == DriverException.Kind.INVALID_PARAMETER);
  }
}
