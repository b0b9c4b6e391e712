package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;

/** What exceptions mean to work on a node. */
final class Failures {

  private Failures() {}

  /** Nothing may go on once another conductor owns the node. */
  static void rethrowIfLockLost(RuntimeException e) {
    if (e instanceof IronicException ironic && ironic.fault() == Fault.LOCK_LOST) {
      throw ironic;
    }
  }
}
