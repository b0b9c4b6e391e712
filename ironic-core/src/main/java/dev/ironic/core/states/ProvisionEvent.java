package dev.ironic.core.states;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What moves a node from one provision state to the next. */
public enum ProvisionEvent {
  ABORT,
  ADOPT,
  CLEAN,
  DELETE,
  DEPLOY,
  DONE,
  FAIL,
  HOLD,
  INSPECT,
  MANAGE,
  PROVIDE,
  REBUILD,
  RESCUE,
  RESUME,
  SERVICE,
  UNHOLD,
  UNRESCUE,
  WAIT;

  /** The name on the wire, for example {@code provide}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Finds an event by its name on the wire. */
  public static Optional<ProvisionEvent> ofWireName(String name) {
    return Arrays.stream(values()).filter(event -> event.wireName().equals(name)).findFirst();
  }
}
