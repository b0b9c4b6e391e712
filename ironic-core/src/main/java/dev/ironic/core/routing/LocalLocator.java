package dev.ironic.core.routing;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.conductor.ConductorService;
import dev.ironic.core.model.Node;
import java.util.Set;

/** For one conductor in the same process: it is always that one. Thread-safe. */
public final class LocalLocator implements ConductorLocator {

  private final String host;
  private final String conductorGroup;
  private final Set<String> drivers;
  private final ConductorService service;

  /**
   * Creates a locator.
   *
   * @param host the conductor's host name
   * @param conductorGroup its group; empty for the default group
   * @param drivers its hardware types
   */
  public LocalLocator(
      String host, String conductorGroup, Set<String> drivers, ConductorService service) {
    this.host = host;
    this.conductorGroup = conductorGroup;
    this.drivers = Set.copyOf(drivers);
    this.service = service;
  }

  @Override
  public ConductorService forNode(Node node) {
    hostOf(node);
    return service;
  }

  @Override
  public String hostOf(Node node) {
    if (!drivers.contains(node.driver()) || !conductorGroup.equals(node.conductorGroup())) {
      throw Refusals.noValidHost(node);
    }
    return host;
  }

  @Override
  public ConductorService ofHost(String name) {
    if (!name.equals(host)) {
      throw new IronicException(
          Fault.TEMPORARY_FAILURE,
          "Conductor %s does not run in this process, which is conductor %s".formatted(name, host));
    }
    return service;
  }

  @Override
  public ConductorService forDriver(String driver) {
    if (!drivers.contains(driver)) {
      throw Refusals.driverNotFound(driver);
    }
    return service;
  }

  @Override
  public ConductorService any() {
    return service;
  }
}
