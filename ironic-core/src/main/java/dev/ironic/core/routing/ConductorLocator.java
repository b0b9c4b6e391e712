package dev.ironic.core.routing;

import dev.ironic.core.conductor.ConductorService;
import dev.ironic.core.model.Node;

/** Finds the conductor to ask. Thread-safe. */
public interface ConductorLocator {

  /**
   * The conductor that serves a node (its UUID, driver and conductor group decide).
   *
   * @throws dev.ironic.core.IronicException TEMPORARY_FAILURE without any conductor, NO_VALID_HOST
   *     when none has the node's driver and group
   */
  ConductorService forNode(Node node);

  /** The host name of the conductor that serves a node; the same errors as {@link #forNode}. */
  String hostOf(Node node);

  /**
   * The conductor of a name, alive or not.
   *
   * @throws dev.ironic.core.IronicException TEMPORARY_FAILURE when it cannot be reached from here
   */
  ConductorService ofHost(String host);

  /**
   * Some conductor that has a driver.
   *
   * @throws dev.ironic.core.IronicException DRIVER_NOT_FOUND
   */
  ConductorService forDriver(String driver);

  /**
   * Some conductor.
   *
   * @throws dev.ironic.core.IronicException TEMPORARY_FAILURE without any
   */
  ConductorService any();
}
