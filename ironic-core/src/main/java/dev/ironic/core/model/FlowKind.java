package dev.ironic.core.model;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /**
   * The work that goes on in a provision state.
   *
   * @param target where the node is going, or null
   * @return empty for a state in which nothing goes on
   */
  public static Optional<FlowKind> of(ProvisionState state, @Nullable ProvisionState target) {
    return Optional.ofNullable(
        switch (state) {
          case DEPLOYING, WAIT_CALL_BACK, DEPLOY_HOLD -> DEPLOY;
          case CLEANING, CLEAN_WAIT, CLEAN_HOLD ->
              target == ProvisionState.MANAGEABLE ? MANUAL_CLEAN : AUTOMATED_CLEAN;
          case SERVICING, SERVICE_WAIT, SERVICE_HOLD -> SERVICE;
          case RESCUING, RESCUE_WAIT -> RESCUE;
          case UNRESCUING -> UNRESCUE;
          case DELETING -> TEAR_DOWN;
          case ADOPTING -> ADOPT;
          case VERIFYING -> VERIFY;
          case INSPECTING, INSPECT_WAIT -> INSPECT;
          default -> null;
        });
  }
}
