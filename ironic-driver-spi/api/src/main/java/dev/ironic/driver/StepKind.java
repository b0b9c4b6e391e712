package dev.ironic.driver;

import java.util.Locale;

/** The flows that run steps. */
public enum StepKind {
  CLEAN,
  DEPLOY,
  VERIFY,
  SERVICE;

  /** The name on the wire: {@code clean}, {@code deploy}, ... */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
