package dev.ironic.core.store;

import dev.ironic.core.model.Node;

/**
 * A node as it was when its lock was taken.
 *
 * @param lock the proof
 * @param node the node, already with the holder and the number of this acquisition
 */
public record LockedNode(NodeLock lock, Node node) {}
