package dev.ironic.agent.hardware;

/** How well a hardware manager fits the machine; later is better. */
public enum SupportLevel {
  /** Not at all: the manager is dropped. */
  NONE,
  /** As any machine of the kind. */
  GENERIC,
  /** Made for this kind of hardware. */
  MAINLINE,
  /** Made by those who run this very machine. */
  SERVICE_PROVIDER
}
