package dev.ironic.core.conductor;

import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import java.util.Set;

/**
 * Whether an agent that runs already may be used for what comes next, which spares the machine a
 * boot. Thread-safe.
 */
final class FastTrack {

  /** Firmware that is being written needs the restarts that fast track would spare. */
  private static final Set<String> FIRMWARE_WORK = Set.of("redfish_fw_updates", "firmware_updates");

  private static final Set<ProvisionState> SERVICING =
      Set.of(
          ProvisionState.SERVICING,
          ProvisionState.SERVICE_WAIT,
          ProvisionState.SERVICE_HOLD,
          ProvisionState.SERVICE_FAILED);

  private final ConductorOptions options;

  FastTrack(ConductorOptions options) {
    this.options = options;
  }

  /** Whether the operator wants it for this node. */
  boolean enabled(Node node) {
    Object own = node.driverInfo().get("fast_track");
    return own == null
        ? options.fastTrack()
        : Boolean.TRUE.equals(own) || "true".equalsIgnoreCase(own.toString());
  }

  /** Whether it can be thought of at the moment. */
  boolean able(Task task) {
    Node node = task.model();
    return enabled(node)
        && node.lastError() == null
        && !SERVICING.contains(node.provisionState())
        && FIRMWARE_WORK.stream().noneMatch(node.driverInternalInfo()::containsKey)
        && task.storage().shouldWriteImage(task);
  }

  /** At the end of a flow: keeps what is known of the agent if it can be used again. */
  Node afterFlow(Task task, Node node) {
    return able(task) ? node : AgentKeys.forget(node);
  }
}
