package dev.ironic.core.model;

import java.util.Locale;

/** The work that a conductor does on a node in several steps. */
public enum FlowKind {
  VERIFY,
  AUTOMATED_CLEAN,
  MANUAL_CLEAN,
  DEPLOY,
  REBUILD,
  TEAR_DOWN,
  SERVICE,
  INSPECT,
  RESCUE,
  UNRESCUE,
  ADOPT;

  /** The name in stored rows and on the wire. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
