package dev.ironic.driver;

import java.util.Arrays;
import java.util.Optional;

/** Power states and power actions, as they stand on the wire. */
public enum PowerState {
  POWER_ON("power on"),
  POWER_OFF("power off"),
  REBOOT("rebooting"),
  SOFT_REBOOT("soft rebooting"),
  SOFT_POWER_OFF("soft power off"),
  /** Only ever read from a driver: the hardware reports a power fault. */
  ERROR("error");

  private final String wireName;

  PowerState(String wireName) {
    this.wireName = wireName;
  }

  /** The name on the wire, for example {@code power on}. */
  public String wireName() {
    return wireName;
  }

  /** The state a machine is in once the action has succeeded. */
  public PowerState settled() {
    return switch (this) {
      case POWER_ON, REBOOT, SOFT_REBOOT -> POWER_ON;
      case POWER_OFF, SOFT_POWER_OFF -> POWER_OFF;
      case ERROR -> ERROR;
    };
  }

  /** Whether the action takes power away for good (a reboot does not). */
  public boolean turnsOff() {
    return this == POWER_OFF || this == SOFT_POWER_OFF;
  }

  /**
   * Finds a state by its name on the wire.
   *
   * @param name for example {@code soft power off}
   */
  public static Optional<PowerState> ofWireName(String name) {
    return Arrays.stream(values()).filter(state -> state.wireName.equals(name)).findFirst();
  }
}
