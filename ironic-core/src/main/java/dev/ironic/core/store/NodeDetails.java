package dev.ironic.core.store;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.BiosSetting;
import dev.ironic.core.model.Changes;
import dev.ironic.core.model.FirmwareComponent;
import dev.ironic.core.model.NodeInventory;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Traits, firmware settings, firmware versions and inspection data of nodes. */
final class NodeDetails {

  private static final int MOST_TRAITS = 50;
  private static final int LONGEST_TRAIT = 255;

  private final Database database;
  private final Clock clock;
  private final NodeLocks locks;
  private final Rows<BiosSetting> bios;
  private final Rows<FirmwareComponent> firmware;
  private final Rows<NodeInventory> inventory;

  NodeDetails(Database database, Clock clock, NodeLocks locks) {
    this.database = database;
    this.clock = clock;
    this.locks = locks;
    bios = new Rows<>(Tables.BIOS_SETTINGS, database.dialect());
    firmware = new Rows<>(Tables.FIRMWARE, database.dialect());
    inventory = new Rows<>(Tables.INVENTORY, database.dialect());
  }

  void setTraits(NodeLock lock, Collection<String> traits) {
    var wanted = new TreeSet<>(traits);
    if (wanted.size() > MOST_TRAITS) {
      throw new IronicException(
          Fault.INVALID_PARAMETER_VALUE,
          "%d traits were given for node %s, but it may have %d at most"
              .formatted(wanted.size(), lock.nodeUuid(), MOST_TRAITS));
    }
    for (String trait : wanted) {
      if (trait.length() > LONGEST_TRAIT) {
        throw new IronicException(
            Fault.INVALID_PARAMETER_VALUE,
            "Trait %s... is longer than %d characters"
                .formatted(trait.substring(0, 32), LONGEST_TRAIT));
      }
    }
    database.write(
        session -> {
          locks.require(session, lock);
          var present =
              new HashSet<>(
                  sql("SELECT trait FROM node_traits WHERE node_id = ?", lock.nodeId())
                      .list(session, row -> row.getString(1)));
          for (String trait : present) {
            if (!wanted.contains(trait)) {
              sql("DELETE FROM node_traits WHERE node_id = ? AND trait = ?", lock.nodeId(), trait)
                  .run(session);
            }
          }
          for (String trait : wanted) {
            if (!present.contains(trait)) {
              sql(
                      "INSERT INTO node_traits (node_id, trait, created_at, version)"
                          + " VALUES (?, ?, ?, '1.1')",
                      lock.nodeId(),
                      trait,
                      Codec.TIME.write(clock.instant(), database.dialect()))
                  .run(session);
            }
          }
          return present;
        });
  }

  List<BiosSetting> biosSettings(long nodeId) {
    return database.read(session -> biosSettings(session, nodeId));
  }

  private List<BiosSetting> biosSettings(Session session, long nodeId) {
    return bios.select(session, sql(" WHERE node_id = ? ORDER BY name", nodeId));
  }

  void saveBiosSettings(NodeLock lock, List<BiosSetting> settings) {
    database.write(
        session -> {
          locks.require(session, lock);
          new Replacement<>(bios, "name", BiosSetting::name, (before, after) -> after)
              .apply(session, lock.nodeId(), biosSettings(session, lock.nodeId()), settings);
          return settings;
        });
  }

  List<FirmwareComponent> firmware(long nodeId) {
    return database.read(session -> firmware(session, nodeId));
  }

  private List<FirmwareComponent> firmware(Session session, long nodeId) {
    return firmware.select(session, sql(" WHERE node_id = ? ORDER BY component", nodeId));
  }

  void saveFirmware(NodeLock lock, List<FirmwareComponent> components) {
    BinaryOperator<FirmwareComponent> keepInitial =
        (before, after) -> after.with(b -> b.initialVersion(before.initialVersion()));
    database.write(
        session -> {
          locks.require(session, lock);
          new Replacement<>(firmware, "component", FirmwareComponent::component, keepInitial)
              .apply(session, lock.nodeId(), firmware(session, lock.nodeId()), components);
          return components;
        });
  }

  Optional<NodeInventory> inventory(long nodeId) {
    return database.read(
        session ->
            inventory
                .select(session, sql(" WHERE node_id = ? ORDER BY id DESC LIMIT 1", nodeId))
                .stream()
                .findFirst());
  }

  void saveInventory(NodeInventory data) {
    database.write(
        session -> {
          sql("DELETE FROM node_inventory WHERE node_id = ?", data.nodeId()).run(session);
          return inventory.insert(session, data, clock.instant());
        });
  }

  private Sql sql(String text, @Nullable Object... arguments) {
    return new Sql(database.dialect()).add(text, arguments);
  }

  /**
   * Replaces the rows of a node that a key tells apart; those that stay keep their creation time.
   */
  private final class Replacement<T extends Record> {

    private final Rows<T> rows;
    private final String keyColumn;
    private final Function<T, String> key;
    private final BinaryOperator<T> merge;

    Replacement(Rows<T> rows, String keyColumn, Function<T, String> key, BinaryOperator<T> merge) {
      this.rows = rows;
      this.keyColumn = keyColumn;
      this.key = key;
      this.merge = merge;
    }

    void apply(Session session, long nodeId, List<T> present, List<T> wanted) {
      Instant now = clock.instant();
      Map<String, T> gone =
          present.stream().collect(Collectors.toMap(key, row -> row, (a, b) -> a, TreeMap::new));
      for (T row : wanted) {
        if (!Objects.equals(rows.table().value(row, "nodeId"), nodeId)) {
          throw new IllegalArgumentException(key.apply(row) + " is not of node row " + nodeId);
        }
        T before = gone.remove(key.apply(row));
        if (before == null) {
          rows.insert(session, row, now);
          continue;
        }
        Map<String, @Nullable Object> changes =
            new HashMap<>(Changes.between(before, merge.apply(before, row)).values());
        changes.keySet().removeAll(List.of("id", "createdAt", "updatedAt"));
        if (!changes.isEmpty()) {
          rows.update(session, changes, row, where(nodeId, key.apply(row)), now);
        }
      }
      for (String old : gone.keySet()) {
        rows.delete(session, where(nodeId, old), old);
      }
    }

    private Sql where(long nodeId, String value) {
      return sql(" WHERE node_id = ? AND " + keyColumn + " = ?", nodeId, value);
    }
  }
}
