package dev.ironic.core.store;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Node;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Locks of nodes: the host name in {@code reservation}, and {@code fence}, which grows with each
 * acquisition. Each operation is one conditional statement.
 */
final class NodeLocks {

  private static final int ATTEMPTS = 3;

  private final Database database;
  private final SqlConductors conductors;
  private final Rows<Node> rows;

  NodeLocks(Database database, SqlConductors conductors) {
    this.database = database;
    this.conductors = conductors;
    rows = new Rows<>(Tables.NODES, database.dialect());
  }

  LockedNode take(String ident, String holder) {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Optional<LockedNode> taken = acquire(ident, holder, null);
      if (taken.isPresent()) {
        return taken.get();
      }
      Standing standing = standing(ident);
      if (standing.holder() != null) {
        throw locked(standing.uuid(), standing.holder());
      }
    }
    throw new IronicException(
        Fault.NODE_LOCKED, "Node " + ident + " is locked again and again, please retry later.");
  }

  /**
   * The dead conductor's row is held meanwhile: if it gives a sign of life after all, that comes
   * either before, and its lock stays, or after, and it finds its lock gone.
   */
  NodeLock seize(String ident, String deadHolder, String holder, Duration silence) {
    Optional<LockedNode> taken =
        database.write(
            session -> {
              boolean alive =
                  !deadHolder.equals(holder) && conductors.lives(session, deadHolder, silence);
              return alive ? Optional.empty() : acquire(ident, holder, deadHolder);
            });
    if (taken.isPresent()) {
      return taken.get().lock();
    }
    Standing standing = standing(ident);
    if (standing.holder() == null) {
      return take(ident, holder).lock();
    }
    throw locked(standing.uuid(), standing.holder());
  }

  void release(NodeLock lock) {
    database.write(
        session -> sql("UPDATE nodes SET reservation = NULL").add(held(lock)).run(session));
  }

  List<NodeLock> heldBy(String holder) {
    return database.read(
        session ->
            sql("SELECT id, uuid, fence FROM nodes WHERE reservation = ?", holder)
                .list(
                    session,
                    row ->
                        new NodeLock(
                            row.getLong("id"),
                            row.getString("uuid"),
                            holder,
                            row.getLong("fence"))));
  }

  List<String> releaseAll(String holder) {
    return database.write(
        session ->
            sql("UPDATE nodes SET reservation = NULL WHERE reservation = ?", holder)
                .add(" RETURNING uuid")
                .list(session, row -> row.getString(1)));
  }

  /** The condition that a lock is held, beginning with WHERE. */
  Sql held(NodeLock lock) {
    return sql(
        " WHERE \"id\" = ? AND \"fence\" = ? AND \"reservation\" = ?",
        lock.nodeId(),
        lock.fence(),
        lock.holder());
  }

  /**
   * Fails unless the lock is held, and keeps it so until the transaction ends.
   *
   * @throws IronicException LOCK_LOST
   */
  void require(Session session, NodeLock lock) {
    Sql sql = sql("SELECT 1 FROM nodes").add(held(lock));
    if (database.dialect() == Dialect.POSTGRESQL) {
      sql.add(" FOR UPDATE");
    }
    if (sql.list(session, row -> row.getInt(1)).isEmpty()) {
      throw lost(lock);
    }
  }

  static IronicException lost(NodeLock lock) {
    return new IronicException(
        Fault.LOCK_LOST,
        "Host %s no longer holds lock number %d of node %s: another conductor took it over or it"
                .formatted(lock.holder(), lock.fence(), lock.nodeUuid())
            + " was given back. Nothing was written.");
  }

  private Optional<LockedNode> acquire(String ident, String holder, @Nullable String previous) {
    Sql condition = sql(" WHERE reservation");
    if (previous == null) {
      condition.add(" IS NULL");
    } else {
      condition.add(" = ?", previous);
    }
    condition.add(" AND ").add(rows.identified(ident));
    return database
        .write(
            session ->
                rows.set(session, sql("reservation = ?, fence = fence + 1", holder), condition))
        .stream()
        .findFirst()
        .map(
            node ->
                new LockedNode(new NodeLock(node.id(), node.uuid(), holder, node.fence()), node));
  }

  private record Standing(String uuid, @Nullable String holder) {}

  private Standing standing(String ident) {
    return database
        .read(
            session ->
                sql("SELECT uuid, reservation FROM nodes WHERE ")
                    .add(rows.identified(ident))
                    .list(session, row -> new Standing(row.getString(1), row.getString(2))))
        .stream()
        .findFirst()
        .orElseThrow(
            () ->
                new IronicException(
                    Fault.NODE_NOT_FOUND, Tables.NODES.missingMessage().formatted(ident)));
  }

  private static IronicException locked(String uuid, String holder) {
    return new IronicException(
        Fault.NODE_LOCKED,
        "Node %s is locked by host %s, please retry after the current operation is completed."
            .formatted(uuid, holder));
  }

  private Sql sql(String text, @Nullable Object... arguments) {
    return new Sql(database.dialect()).add(text, arguments);
  }
}
