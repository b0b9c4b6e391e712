package dev.ironic.core.routing;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Node;

/** The three ways not to find a conductor. */
final class Refusals {

  private Refusals() {}

  static IronicException noConductor() {
    return new IronicException(
        Fault.TEMPORARY_FAILURE,
        "No conductor is online at the moment, please retry when one is running.");
  }

  static IronicException noValidHost(Node node) {
    return new IronicException(
        Fault.NO_VALID_HOST,
        "No valid host was found. Reason: No conductor service registered which supports driver"
            + " %s for conductor group \"%s\".".formatted(node.driver(), node.conductorGroup()));
  }

  static IronicException driverNotFound(String driver) {
    return new IronicException(
        Fault.DRIVER_NOT_FOUND,
        "Could not find the following driver(s) or hardware type(s): %s.".formatted(driver));
  }
}
