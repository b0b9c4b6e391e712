package dev.ironic.core.store;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.ConductorInterface;
import dev.ironic.core.model.ConductorRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Conductors in SQL. */
final class SqlConductors extends SqlRepository<ConductorRecord> implements ConductorRepository {

  private final Rows<ConductorInterface> interfaceRows;

  SqlConductors(Database database, Clock clock) {
    super(database, clock, Tables.CONDUCTORS);
    interfaceRows = new Rows<>(Tables.CONDUCTOR_INTERFACES, database.dialect());
  }

  @Override
  public ConductorRecord register(
      String hostname,
      String group,
      List<String> drivers,
      Collection<ConductorInterface> interfaces,
      String incarnation,
      @Nullable ConductorRecord former) {
    Instant now = now();
    var draft =
        new ConductorRecord(0, null, null, hostname, drivers, true, group, incarnation, null);
    return database.write(
        session -> {
          Optional<ConductorRecord> found = held(session, hostname);
          if (found.isPresent() && !isFree(found.get(), incarnation, former)) {
            throw new IronicException(
                Fault.ALREADY_EXISTS,
                "Conductor %s is registered by another process.".formatted(hostname));
          }
          // Of two that insert at once, the later one breaks the rule that names are unique.
          ConductorRecord known = found.orElseGet(() -> rows.insert(session, draft, now));
          ConductorRecord stored = renew(session, known, draft);
          removeInterfaces(session, stored.id());
          for (ConductorInterface each : interfaces) {
            interfaceRows.insert(session, each.with(b -> b.conductorId(stored.id())), now);
          }
          return stored;
        });
  }

  /** The row as it is now, which nobody changes before the transaction ends. */
  private Optional<ConductorRecord> held(Session session, String hostname) {
    Sql where = rows.sql(" WHERE hostname = ?", hostname);
    if (database.dialect() == Dialect.POSTGRESQL) {
      where.add(" FOR UPDATE");
    }
    return rows.select(session, where).stream().findFirst();
  }

  private static boolean isFree(
      ConductorRecord row, String incarnation, @Nullable ConductorRecord former) {
    String holder = row.incarnation();
    return holder == null
        || holder.equals(incarnation)
        || (former != null
            && holder.equals(former.incarnation())
            && Objects.equals(row.updatedAt(), former.updatedAt()));
  }

  /** Sets what a start sets, and the time of the last sign of life. */
  private ConductorRecord renew(Session session, ConductorRecord known, ConductorRecord wanted) {
    var values = new LinkedHashMap<String, @Nullable Object>();
    values.put("drivers", wanted.drivers());
    values.put("online", true);
    values.put("conductorGroup", wanted.conductorGroup());
    values.put("incarnation", wanted.incarnation());
    write(session, values, known);
    return rows.set(
            session,
            rows.sql("updated_at = ").add(sharedTime()),
            rows.sql(" WHERE \"id\" = ?", known.id()))
        .getFirst();
  }

  /** Asks a database server for its time. */
  void readClock() {
    database.read(
        session -> {
          readClock(session);
          return true;
        });
  }

  private void readClock(Session session) {
    if (clock instanceof DatabaseClock shared && database.dialect() == Dialect.POSTGRESQL) {
      rows.sql("SELECT clock_timestamp()")
          .list(session, row -> row.getObject(1, OffsetDateTime.class).toInstant())
          .forEach(shared::set);
    }
  }

  @Override
  public boolean touch(String hostname, String incarnation, boolean online) {
    return database.write(
        session -> {
          readClock(session);
          int touched =
              rows.sql("UPDATE conductors SET online = ?, updated_at = ", online)
                  .add(sharedTime())
                  .add(" WHERE hostname = ? AND incarnation = ?", hostname, incarnation)
                  .run(session);
          if (touched == 0 && rows.findByIdentifier(session, hostname).isEmpty()) {
            throw rows.missing(hostname);
          }
          return touched > 0;
        });
  }

  @Override
  public void retire(String hostname, String incarnation) {
    database.write(
        session ->
            rows.sql("UPDATE conductors SET online = ?, incarnation = NULL", false)
                .add(" WHERE hostname = ? AND incarnation = ?", hostname, incarnation)
                .run(session));
  }

  @Override
  public boolean isFresh(String hostname, Duration timeout) {
    return !database.read(session -> rows.select(session, fresh(hostname, timeout))).isEmpty();
  }

  /** Whether a conductor is fresh; that does not change before the transaction ends. */
  boolean lives(Session session, String hostname, Duration timeout) {
    return held(session, hostname).isPresent()
        && !rows.select(session, fresh(hostname, timeout)).isEmpty();
  }

  private Sql fresh(String hostname, Duration timeout) {
    Sql where = rows.sql(" WHERE hostname = ?", hostname);
    return timeout.isPositive()
        ? where.add(" AND updated_at >= ").add(clockBefore(timeout))
        : where.add(" AND online = ?", true);
  }

  @Override
  public void advertise(String hostname, String incarnation, @Nullable String rpcAddress) {
    database.write(
        session ->
            rows.sql("UPDATE conductors SET rpc_address = ?", rpcAddress)
                .add(" WHERE hostname = ? AND incarnation = ?", hostname, incarnation)
                .run(session));
  }

  @Override
  public List<ConductorRecord> active(Duration timeout) {
    Sql where = rows.sql(" WHERE online = ?", true);
    if (timeout.isPositive()) {
      where.add(" AND updated_at >= ").add(clockBefore(timeout));
    }
    return database.read(session -> rows.select(session, where.add(" ORDER BY hostname")));
  }

  @Override
  public List<ConductorRecord> offline(Duration timeout) {
    Sql where =
        timeout.isPositive()
            ? rows.sql(" WHERE updated_at < ").add(clockBefore(timeout))
            : rows.sql(" WHERE online = ?", false);
    return database.read(session -> rows.select(session, where.add(" ORDER BY hostname")));
  }

  @Override
  public List<ConductorInterface> interfaces(Collection<Long> conductorIds) {
    return database.read(
        session ->
            interfaceRows.select(
                session,
                rows.sql(" WHERE ").addIn("conductor_id", conductorIds).add(" ORDER BY id")));
  }

  @Override
  protected void beforeDelete(Session session, ConductorRecord row) {
    rows.sql(
            "UPDATE nodes SET "
                + NodeLocks.FREE
                + ", target_power_state = NULL WHERE reservation = ?",
            row.hostname())
        .run(session);
    rows.sql("UPDATE nodes SET conductor_affinity = NULL WHERE conductor_affinity = ?", row.id())
        .run(session);
    removeInterfaces(session, row.id());
  }

  private void removeInterfaces(Session session, long id) {
    rows.sql("DELETE FROM conductor_hardware_interfaces WHERE conductor_id = ?", id).run(session);
  }

  /** The time by the clock that all conductors share. */
  private Sql sharedTime() {
    return clockBefore(Duration.ZERO);
  }

  private Sql clockBefore(Duration span) {
    return switch (database.dialect()) {
      case POSTGRESQL ->
          rows.sql("clock_timestamp() - ? * interval '1 millisecond'", span.toMillis());
      case SQLITE -> rows.sql("?", Codec.TIME.write(now().minus(span), Dialect.SQLITE));
    };
  }
}
