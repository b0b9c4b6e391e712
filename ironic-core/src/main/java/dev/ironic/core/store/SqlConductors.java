package dev.ironic.core.store;

import dev.ironic.core.model.ConductorInterface;
import dev.ironic.core.model.ConductorRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import org.jdbi.v3.core.Handle;
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
        handle -> {
          ConductorRecord stored =
              rows.findByIdentifier(handle, hostname)
                  .map(known -> renew(handle, known, draft))
                  .orElseGet(() -> renew(handle, rows.insert(handle, draft, now), draft));
          removeInterfaces(handle, stored.id());
          for (ConductorInterface each : interfaces) {
            interfaceRows.insert(handle, each.with(b -> b.conductorId(stored.id())), now);
          }
          return stored;
        });
  }

  /** Sets what a start sets, and the time of the last sign of life. */
  private ConductorRecord renew(Handle handle, ConductorRecord known, ConductorRecord wanted) {
    var values = new LinkedHashMap<String, @Nullable Object>();
    values.put("drivers", wanted.drivers());
    values.put("online", true);
    values.put("conductorGroup", wanted.conductorGroup());
    return write(handle, values, known);
  }

  @Override
  public void touch(String hostname, boolean online) {
    database.write(
        handle -> {
          int touched =
              rows.sql("UPDATE conductors SET online = ?", online)
                  .add(", updated_at = ?", time(now()))
                  .add(" WHERE hostname = ?", hostname)
                  .run(handle);
          if (touched == 0) {
            throw rows.missing(hostname);
          }
          return touched;
        });
  }

  @Override
  public void advertise(String hostname, @Nullable String rpcAddress) {
    database.write(
        handle ->
            rows.sql("UPDATE conductors SET rpc_address = ?", rpcAddress)
                .add(" WHERE hostname = ?", hostname)
                .run(handle));
  }

  @Override
  public List<ConductorRecord> active(Duration timeout) {
    Sql where = rows.sql(" WHERE online = ?", true);
    if (timeout.isPositive()) {
      where.add(" AND updated_at >= ?", time(now().minus(timeout)));
    }
    return database.read(handle -> rows.select(handle, where.add(" ORDER BY hostname")));
  }

  @Override
  public List<ConductorRecord> offline(Duration timeout) {
    Sql where =
        timeout.isPositive()
            ? rows.sql(" WHERE updated_at < ?", time(now().minus(timeout)))
            : rows.sql(" WHERE online = ?", false);
    return database.read(handle -> rows.select(handle, where.add(" ORDER BY hostname")));
  }

  @Override
  public List<ConductorInterface> interfaces(Collection<Long> conductorIds) {
    return database.read(
        handle ->
            interfaceRows.select(
                handle,
                rows.sql(" WHERE ").addIn("conductor_id", conductorIds).add(" ORDER BY id")));
  }

  @Override
  protected void beforeDelete(Handle handle, ConductorRecord row) {
    rows.sql(
            "UPDATE nodes SET reservation = NULL, target_power_state = NULL WHERE reservation = ?",
            row.hostname())
        .run(handle);
    rows.sql("UPDATE nodes SET conductor_affinity = NULL WHERE conductor_affinity = ?", row.id())
        .run(handle);
    removeInterfaces(handle, row.id());
  }

  private void removeInterfaces(Handle handle, long id) {
    rows.sql("DELETE FROM conductor_hardware_interfaces WHERE conductor_id = ?", id).run(handle);
  }

  private Object time(Instant time) {
    return Codec.TIME.write(time, database.dialect());
  }
}
