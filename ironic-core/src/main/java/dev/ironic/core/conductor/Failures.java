package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.store.DatabaseException;
import dev.ironic.driver.DriverException;
import org.jspecify.annotations.Nullable;

/** What exceptions mean to work on a node. */
final class Failures {

  private Failures() {}

  /** The same failure, of the same kind, with words before its own. */
  static DriverException because(String words, RuntimeException e) {
    DriverException.Kind kind =
        e instanceof DriverException driver ? driver.kind() : DriverException.Kind.OPERATION_FAILED;
    return new DriverException(kind, words + TaskManager.reason(e), e);
  }

  /**
   * What to log beside the words of a failure: nothing where the words tell it all, and the stack
   * trace of what nobody expected.
   */
  static @Nullable RuntimeException trace(RuntimeException e) {
    return e instanceof DriverException || e instanceof IronicException ? null : e;
  }

  /**
   * Nothing may go on once another conductor owns the node. Nor while the database is out of reach:
   * that says nothing about the work, which goes on from its journal later.
   */
  static void rethrowIfLockLost(RuntimeException e) {
    if (e instanceof IronicException ironic && ironic.fault() == Fault.LOCK_LOST) {
      throw ironic;
    }
    if (e instanceof DatabaseException database && database.isUnreachable()) {
      throw database;
    }
  }
}
