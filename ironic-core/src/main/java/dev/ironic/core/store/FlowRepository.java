package dev.ironic.core.store;

import dev.ironic.core.model.Flow;
import java.util.List;
import java.util.Optional;

/** The journal of flows. At most one flow of a node lives. */
public interface FlowRepository {

  /** Stores a new flow; a living one of the same node is marked as failed. */
  Flow open(NodeLock lock, Flow draft);

  /** Writes a flow, provided that the lock is still held. */
  Flow save(NodeLock lock, Flow flow);

  /**
   * Writes only how far the flow's steps have come; needs no lock and loses against {@link #save}.
   */
  void saveProgress(Flow flow);

  /** The node's living flow. */
  Optional<Flow> living(long nodeId);

  /**
   * The nodes whose living flow is in a state while nobody holds the node's lock, by UUID, those
   * with the oldest flows first.
   */
  List<String> idleNodes(Flow.State state);

  /** A node's flows, newest first. */
  List<Flow> ofNode(long nodeId, int limit);
}
