package dev.ironic.core.store;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Node;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Locks of nodes: the host name in {@code reservation}, and {@code fence}, which grows with each
 * acquisition. Each operation is one conditional statement.
 */
final class NodeLocks {

  /** What a free node's columns hold. */
  static final String FREE = "reservation = NULL, reserved_at = NULL, reserved_for = NULL";

  private static final int ATTEMPTS = 3;
  private static final int PURPOSE_LENGTH = 255;
  private static final String TAKE_OVER = "take-over";

  private final Database database;
  private final Clock clock;
  private final SqlConductors conductors;
  private final Rows<Node> rows;

  NodeLocks(Database database, Clock clock, SqlConductors conductors) {
    this.database = database;
    this.clock = clock;
    this.conductors = conductors;
    rows = new Rows<>(Tables.NODES, database.dialect());
  }

  LockedNode take(String ident, String holder, String purpose) {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Optional<LockedNode> taken = acquire(ident, holder, purpose, null);
      if (taken.isPresent()) {
        return taken.get();
      }
      Standing standing = standing(ident);
      if (standing.holder() != null) {
        throw NodeLock.refused(standing.uuid(), standing.holder());
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
              return alive ? Optional.empty() : acquire(ident, holder, TAKE_OVER, deadHolder);
            });
    if (taken.isPresent()) {
      return taken.get().lock();
    }
    Standing standing = standing(ident);
    if (standing.holder() == null) {
      return take(ident, holder, TAKE_OVER).lock();
    }
    throw NodeLock.refused(standing.uuid(), standing.holder());
  }

  void release(NodeLock lock) {
    database.write(session -> sql("UPDATE nodes SET " + FREE).add(held(lock)).run(session));
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
            sql("UPDATE nodes SET " + FREE + " WHERE reservation = ?", holder)
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
            + " was given back. Nothing was written; try again.");
  }

  /** How the lock of a node stands. */
  LockInfo info(long nodeId) {
    return database
        .read(
            session ->
                sql(
                        "SELECT reservation, reserved_at, reserved_for, fence FROM nodes WHERE id = ?",
                        nodeId)
                    .list(
                        session,
                        row ->
                            new LockInfo(
                                row.getString(1),
                                (Instant) Codec.TIME.read(row, 2, database.dialect()),
                                row.getString(3),
                                row.getLong(4))))
        .getFirst();
  }

  private Optional<LockedNode> acquire(
      String ident, String holder, String purpose, @Nullable String previous) {
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
                rows.set(
                    session,
                    sql("reservation = ?, fence = fence + 1", holder)
                        .add(
                            ", reserved_at = ?, reserved_for = ?",
                            Codec.TIME.write(clock.instant(), database.dialect()),
                            purpose.substring(0, Math.min(purpose.length(), PURPOSE_LENGTH))),
                    condition))
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

  private Sql sql(String text, @Nullable Object... arguments) {
    return new Sql(database.dialect()).add(text, arguments);
  }
}
