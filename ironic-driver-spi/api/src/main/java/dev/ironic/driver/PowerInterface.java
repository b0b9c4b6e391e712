package dev.ironic.driver;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and switches a machine's power. */
public interface PowerInterface extends HardwareInterface {

  /**
   * Reads the actual state.
   *
   * @return null when the hardware's answer cannot be understood
   * @throws DriverException of kind unreachable when there is no answer
   */
  @Nullable PowerState powerState(NodeTask task);

  /**
   * Switches power and waits until the machine is in the state wanted.
   *
   * @param target one of {@link #supportedPowerStates}
   * @param timeout how long to wait, or null for the configured time
   */
  void setPowerState(NodeTask task, PowerState target, @Nullable Duration timeout);

  /**
   * Restarts the machine hard; one that was off is on afterwards.
   *
   * @param timeout how long to wait, or null for the configured time
   */
  void reboot(NodeTask task, @Nullable Duration timeout);

  /** The actions that {@link #setPowerState} accepts. */
  default Set<PowerState> supportedPowerStates(NodeTask task) {
    return Set.of(PowerState.POWER_ON, PowerState.POWER_OFF, PowerState.REBOOT);
  }

  /**
   * Whether the conductor may force the recorded state when it differs from the hardware's; if not,
   * it only records what it reads.
   */
  default boolean supportsPowerSync(NodeTask task) {
    return true;
  }
}
