package dev.ironic.driver;

/**
 * What may be done with a step of which nobody knows whether it ended, because the conductor that
 * ran it is gone.
 */
public enum Repeat {
  /** Running it again does no harm and has the same result. */
  IDEMPOTENT,
  /** Ask with {@link HardwareInterface#probeStep} how far it came. */
  PROBE,
  /** It must not run twice: the flow fails and an operator decides. */
  NEVER
}
