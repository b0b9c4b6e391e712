package dev.ironic.core.store;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;

/**
 * Proof that a conductor locked a node. Every write of a task carries the fencing number; once
 * another acquisition has raised it, the write fails.
 *
 * @param nodeId row of the node
 * @param nodeUuid its UUID
 * @param holder host name of the conductor
 * @param fence the number of this acquisition
 */
public record NodeLock(long nodeId, String nodeUuid, String holder, long fence) {

  /** NODE_LOCKED, for somebody who did not get the lock of a node. */
  public static IronicException refused(String nodeUuid, String holder) {
    return new IronicException(
        Fault.NODE_LOCKED,
        "Node %s is locked by host %s, please retry after the current operation is completed."
            .formatted(nodeUuid, holder));
  }
}
