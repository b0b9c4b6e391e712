package dev.ironic.core.store;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Portgroup;
import java.time.Clock;

/** Port groups in SQL; one that holds ports stays. */
final class SqlPortgroups extends SqlRepository<Portgroup> {

  SqlPortgroups(Database database, Clock clock) {
    super(database, clock, Tables.PORTGROUPS);
  }

  @Override
  protected void beforeDelete(Session session, Portgroup row) {
    if (!rows.sql("SELECT 1 FROM ports WHERE portgroup_id = ? LIMIT 1", row.id())
        .list(session, found -> found.getInt(1))
        .isEmpty()) {
      throw new IronicException(
          Fault.PORTGROUP_NOT_EMPTY,
          "Cannot complete the requested action because portgroup %s contains ports."
              .formatted(row.uuid()));
    }
  }
}
