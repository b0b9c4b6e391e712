package dev.ironic.core.store;

import dev.ironic.core.model.ConductorInterface;
import dev.ironic.core.model.ConductorRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
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
      Collection<ConductorInterface> interfaces) {
    Instant now = now();
    var draft = new ConductorRecord(0, null, null, hostname, drivers, true, group, null);
    return database.write(
        session -> {
          ConductorRecord stored =
              rows.findByIdentifier(session, hostname)
                  .map(known -> renew(session, known, draft))
                  .orElseGet(() -> renew(session, rows.insert(session, draft, now), draft));
          removeInterfaces(session, stored.id());
          for (ConductorInterface each : interfaces) {
            interfaceRows.insert(session, each.with(b -> b.conductorId(stored.id())), now);
          }
          return stored;
        });
  }

  /** Sets what a start sets, and the time of the last sign of life. */
  private ConductorRecord renew(Session session, ConductorRecord known, ConductorRecord wanted) {
    var values = new LinkedHashMap<String, @Nullable Object>();
    values.put("drivers", wanted.drivers());
    values.put("online", true);
    values.put("conductorGroup", wanted.conductorGroup());
    return write(session, values, known);
  }

  @Override
  public void touch(String hostname, boolean online) {
    database.write(
        session -> {
          int touched =
              rows.sql("UPDATE conductors SET online = ?", online)
                  .add(", updated_at = ?", time(now()))
                  .add(" WHERE hostname = ?", hostname)
                  .run(session);
          if (touched == 0) {
            throw rows.missing(hostname);
          }
          return touched;
        });
  }

  @Override
  public void advertise(String hostname, @Nullable String rpcAddress) {
    database.write(
        session ->
            rows.sql("UPDATE conductors SET rpc_address = ?", rpcAddress)
                .add(" WHERE hostname = ?", hostname)
                .run(session));
  }

  @Override
  public List<ConductorRecord> active(Duration timeout) {
    Sql where = rows.sql(" WHERE online = ?", true);
    if (timeout.isPositive()) {
      where.add(" AND updated_at >= ?", time(now().minus(timeout)));
    }
    return database.read(session -> rows.select(session, where.add(" ORDER BY hostname")));
  }

  @Override
  public List<ConductorRecord> offline(Duration timeout) {
    Sql where =
        timeout.isPositive()
            ? rows.sql(" WHERE updated_at < ?", time(now().minus(timeout)))
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
            "UPDATE nodes SET reservation = NULL, target_power_state = NULL WHERE reservation = ?",
            row.hostname())
        .run(session);
    rows.sql("UPDATE nodes SET conductor_affinity = NULL WHERE conductor_affinity = ?", row.id())
        .run(session);
    removeInterfaces(session, row.id());
  }

  private void removeInterfaces(Session session, long id) {
    rows.sql("DELETE FROM conductor_hardware_interfaces WHERE conductor_id = ?", id).run(session);
  }

  private Object time(Instant time) {
    return Codec.TIME.write(time, database.dialect());
  }
}
