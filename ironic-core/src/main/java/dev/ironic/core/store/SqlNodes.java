package dev.ironic.core.store;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.BiosSetting;
import dev.ironic.core.model.Changes;
import dev.ironic.core.model.FirmwareComponent;
import dev.ironic.core.model.HistoryEntry;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.NodeInventory;
import dev.ironic.core.model.ProvisionState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Nodes in SQL. */
final class SqlNodes extends SqlRepository<Node> implements NodeRepository {

  /** Written by the lock and by the store, never by a task. */
  private static final Set<String> NOT_OF_TASKS =
      Set.of("reservation", "fence", "createdAt", "updatedAt", "traits");

  private final NodeLocks locks;
  private final NodeDetails details;
  private final NodeHistory history;

  SqlNodes(Database database, Clock clock, NodeLocks locks) {
    super(database, clock, Tables.NODES);
    this.locks = locks;
    details = new NodeDetails(database, clock, locks);
    history = new NodeHistory(database, clock);
  }

  @Override
  public LockedNode take(String ident, String holder, String purpose) {
    return locks.take(ident, holder, purpose);
  }

  @Override
  public LockInfo lockInfo(long nodeId) {
    return locks.info(nodeId);
  }

  @Override
  public void release(NodeLock lock) {
    locks.release(lock);
  }

  @Override
  public List<NodeLock> heldBy(String holder) {
    return locks.heldBy(holder);
  }

  @Override
  public List<String> releaseAll(String holder) {
    return locks.releaseAll(holder);
  }

  @Override
  public NodeLock seize(String ident, String deadHolder, String holder, Duration silence) {
    return locks.seize(ident, deadHolder, holder, silence);
  }

  @Override
  public Node update(Node before, Node after) {
    throw new UnsupportedOperationException("A node is only written with its lock");
  }

  @Override
  public void delete(Node row) {
    throw new UnsupportedOperationException("A node is only deleted with its lock");
  }

  @Override
  public Node update(NodeLock lock, Node before, Node after) {
    if (before.id() != lock.nodeId() || after.id() != lock.nodeId()) {
      throw new IllegalArgumentException(
          "The lock is of node " + lock.nodeUuid() + ", not of " + before.uuid());
    }
    if (!before.uuid().equals(after.uuid())) {
      throw new IronicException(Fault.INVALID, "Cannot overwrite UUID for an existing Node.");
    }
    var values = new LinkedHashMap<>(Changes.between(before, after).values());
    values.keySet().removeAll(NOT_OF_TASKS);
    if (values.containsKey("provisionState")) {
      values.putAll(timesOf(before.provisionState(), after.provisionState(), now()));
    }
    boolean binds = values.get("instanceUuid") != null;
    return database.write(
        session -> {
          Sql where = locks.held(lock);
          if (binds) {
            where.add(" AND \"instance_uuid\" IS NULL");
          }
          List<Node> changed = rows.update(session, values, after, where, now());
          if (changed.isEmpty()) {
            locks.require(session, lock);
            throw associated(rows.find(session, "id", lock.nodeId()).orElseThrow());
          }
          return changed.getFirst();
        });
  }

  private static IronicException associated(Node node) {
    return new IronicException(
        Fault.NODE_ASSOCIATED,
        "Node %s is associated with instance %s.".formatted(node.uuid(), node.instanceUuid()));
  }

  /** The times that follow from a change of the provision state. */
  private static Map<String, @Nullable Object> timesOf(
      ProvisionState from, ProvisionState to, Instant now) {
    var times = new LinkedHashMap<String, @Nullable Object>();
    times.put("provisionUpdatedAt", now);
    if (to == ProvisionState.INSPECTING) {
      times.put("inspectionStartedAt", now);
      times.put("inspectionFinishedAt", null);
    } else if (from == ProvisionState.INSPECTING || from == ProvisionState.INSPECT_WAIT) {
      if (to == ProvisionState.MANAGEABLE) {
        times.put("inspectionFinishedAt", now);
        times.put("inspectionStartedAt", null);
      } else if (to == ProvisionState.INSPECT_FAILED) {
        times.put("inspectionStartedAt", null);
      }
    }
    return times;
  }

  @Override
  public void delete(NodeLock lock, Node node) {
    database.write(
        session -> {
          locks.require(session, lock);
          removeAllOf(session, lock.nodeId());
          return rows.delete(
              session, rows.sql(" WHERE \"id\" = ?", lock.nodeId()), "Node " + node.uuid());
        });
  }

  private void removeAllOf(Session session, long id) {
    rows.sql("UPDATE nodes SET allocation_id = NULL WHERE id = ?", id).run(session);
    List<String> tables =
        List.of(
            "ports",
            "portgroups",
            "node_tags",
            "node_traits",
            "volume_connectors",
            "volume_targets",
            "bios_settings",
            "allocations",
            "node_history",
            "node_inventory",
            "firmware_information",
            "flows");
    for (String table : tables) {
      rows.sql("DELETE FROM " + table + " WHERE node_id = ?", id).run(session);
    }
  }

  @Override
  public void setTraits(NodeLock lock, Collection<String> traits) {
    details.setTraits(lock, traits);
  }

  @Override
  public List<Node> findByMacs(Collection<String> addresses) {
    List<String> wanted =
        addresses.stream().map(address -> address.toLowerCase(Locale.ROOT)).toList();
    return database.read(
        session ->
            rows.select(
                session,
                rows.sql(" WHERE \"id\" IN (SELECT node_id FROM ports WHERE ")
                    .addIn("address", wanted)
                    .add(") ORDER BY \"id\"")));
  }

  @Override
  public Map<String, Long> shards() {
    record Shard(String name, long nodes) {}
    var shards = new LinkedHashMap<String, Long>();
    database
        .read(
            session ->
                rows.sql("SELECT shard, COUNT(*) FROM nodes GROUP BY shard")
                    .add(" ORDER BY COUNT(*) DESC, shard" + database.dialect().order(false))
                    .list(
                        session,
                        row ->
                            new Shard(
                                Objects.requireNonNullElse(row.getString(1), ""), row.getLong(2))))
        .forEach(shard -> shards.put(shard.name(), shard.nodes()));
    return shards;
  }

  @Override
  public void addHistory(HistoryEntry entry) {
    history.add(entry);
  }

  @Override
  public List<HistoryEntry> history(long nodeId, Query query) {
    return history.list(nodeId, query);
  }

  @Override
  public Optional<HistoryEntry> historyEntry(long nodeId, String uuid) {
    return history.find(nodeId, uuid);
  }

  @Override
  public int purgeHistory(long conductorId, int keepPerNode, Instant olderThan, int atMost) {
    return history.purge(conductorId, keepPerNode, olderThan, atMost);
  }

  @Override
  public List<BiosSetting> biosSettings(long nodeId) {
    return details.biosSettings(nodeId);
  }

  @Override
  public void saveBiosSettings(NodeLock lock, List<BiosSetting> settings) {
    details.saveBiosSettings(lock, settings);
  }

  @Override
  public List<FirmwareComponent> firmware(long nodeId) {
    return details.firmware(nodeId);
  }

  @Override
  public void saveFirmware(NodeLock lock, List<FirmwareComponent> components) {
    details.saveFirmware(lock, components);
  }

  @Override
  public Optional<NodeInventory> inventory(long nodeId) {
    return details.inventory(nodeId);
  }

  @Override
  public void saveInventory(NodeInventory inventory) {
    details.saveInventory(inventory);
  }
}
