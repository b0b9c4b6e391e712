package dev.ironic.core.store;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Chassis;
import java.time.Clock;

/** Chassis in SQL; one that holds nodes stays. */
final class SqlChassis extends SqlRepository<Chassis> {

  SqlChassis(Database database, Clock clock) {
    super(database, clock, Tables.CHASSIS);
  }

  /** The original writes its time with every patch, for chassis alone. */
  @Override
  protected boolean countsUnchanged() {
    return true;
  }

  @Override
  protected void beforeDelete(Session session, Chassis row) {
    if (!rows.sql("SELECT 1 FROM nodes WHERE chassis_id = ? LIMIT 1", row.id())
        .list(session, found -> found.getInt(1))
        .isEmpty()) {
      throw new IronicException(
          Fault.CHASSIS_NOT_EMPTY,
          "Cannot complete the requested action because chassis %s contains nodes."
              .formatted(row.uuid()));
    }
  }
}
