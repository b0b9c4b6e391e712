package dev.ironic.core.store;

/**
 * Proof that a conductor locked a node. Every write of a task carries the fencing number; once
 * another acquisition has raised it, the write fails.
 *
 * @param nodeId row of the node
 * @param nodeUuid its UUID
 * @param holder host name of the conductor
 * @param fence the number of this acquisition
 */
public record NodeLock(long nodeId, String nodeUuid, String holder, long fence) {}
