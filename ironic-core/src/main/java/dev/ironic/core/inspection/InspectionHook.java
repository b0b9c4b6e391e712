package dev.ironic.core.inspection;

import java.util.Set;

/** Takes one thing from an inspection's data into the node. Stateless and thread-safe. */
interface InspectionHook {

  /** The name in the configuration. */
  String name();

  /** Hooks that have to stand before this one. */
  default Set<String> dependsOn() {
    return Set.of();
  }

  /**
   * Checks and prepares the data, before any hook has changed the node.
   *
   * @throws InspectionFailure collected from all hooks
   */
  default void preprocess(Findings findings) {}

  /**
   * Changes the node.
   *
   * @throws InspectionFailure ends the inspection
   */
  default void apply(Findings findings) {}
}
