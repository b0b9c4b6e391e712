package dev.ironic.core.store;

import dev.ironic.core.model.BiosSetting;
import dev.ironic.core.model.FirmwareComponent;
import dev.ironic.core.model.HistoryEntry;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.NodeInventory;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Nodes, their locks, and what hangs on them. A node is only written with its lock: {@link #update}
 * without one always fails.
 */
public interface NodeRepository extends Repository<Node> {

  /**
   * Takes the lock, without waiting, and reads the node.
   *
   * @param ident UUID or name
   * @param holder host name of the conductor
   * @param purpose what for, in words for operators
   * @throws dev.ironic.core.IronicException NODE_LOCKED naming the holder, or NODE_NOT_FOUND
   */
  LockedNode take(String ident, String holder, String purpose);

  /** Takes the lock like {@link #take}, for no purpose to tell of. */
  default NodeLock reserve(String ident, String holder) {
    return take(ident, holder, "reservation").lock();
  }

  /** How the lock of a node stands. */
  LockInfo lockInfo(long nodeId);

  /** Gives the lock back; does nothing when it is lost already. */
  void release(NodeLock lock);

  /** The locks of a conductor. */
  List<NodeLock> heldBy(String holder);

  /** Frees all locks of a conductor, as at its start; returns the UUIDs of the nodes. */
  List<String> releaseAll(String holder);

  /**
   * Takes over the lock of a conductor that is gone; the fence grows, so that its writes fail.
   *
   * @param silence for how long the dead conductor must not have been fresh; ignored when it takes
   *     over from itself
   * @throws dev.ironic.core.IronicException NODE_LOCKED when the conductor lives, or when somebody
   *     else holds the lock meanwhile
   */
  NodeLock seize(String ident, String deadHolder, String holder, Duration silence);

  /**
   * Writes the components in which the two versions differ, provided that the lock is still held.
   * Sets {@code provisionUpdatedAt} and the inspection times when the provision state is among
   * them.
   *
   * @throws dev.ironic.core.IronicException LOCK_LOST when another acquisition has happened
   */
  Node update(NodeLock lock, Node before, Node after);

  /** Removes a node and all that belongs to it, provided that the lock is still held. */
  void delete(NodeLock lock, Node node);

  /** Replaces the traits. */
  void setTraits(NodeLock lock, Collection<String> traits);

  /** The nodes that have one of these MAC addresses on a port. */
  List<Node> findByMacs(Collection<String> addresses);

  /** Shard names with the number of their nodes; the null shard under an empty key. */
  Map<String, Long> shards();

  /** Adds to a node's history. */
  void addHistory(HistoryEntry entry);

  /** A node's history, oldest first. */
  List<HistoryEntry> history(long nodeId, Query query);

  /** One entry of a node's history. */
  Optional<HistoryEntry> historyEntry(long nodeId, String uuid);

  /** Removes old history of the nodes of a conductor; returns how many entries went. */
  int purgeHistory(long conductorId, int keepPerNode, Instant olderThan, int atMost);

  /** The stored firmware settings, by name. */
  List<BiosSetting> biosSettings(long nodeId);

  /** Replaces the stored firmware settings. */
  void saveBiosSettings(NodeLock lock, List<BiosSetting> settings);

  /** The stored firmware versions. */
  List<FirmwareComponent> firmware(long nodeId);

  /** Replaces the stored firmware versions; the initial versions of known components stay. */
  void saveFirmware(NodeLock lock, List<FirmwareComponent> components);

  /** The newest inspection data. */
  Optional<NodeInventory> inventory(long nodeId);

  /** Replaces the inspection data. */
  void saveInventory(NodeInventory inventory);
}
