package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.driver.DriverRegistry;
import dev.ironic.driver.HardwareInterface;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.RaidInterface;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is known of a driver without a node: that of its default interfaces. Thread-safe. */
final class DriverOperations {

  private final DriverRegistry drivers;

  DriverOperations(DriverRegistry drivers) {
    this.drivers = drivers;
  }

  Map<String, String> properties(String driver) {
    var all = new TreeMap<String, String>();
    for (InterfaceKind kind : drivers.defaultInterfaces(driver).keySet()) {
      defaultOf(driver, kind).ifPresent(found -> all.putAll(found.properties()));
    }
    return Collections.unmodifiableMap(all);
  }

  Map<String, String> logicalDiskProperties(String driver) {
    return defaultOf(driver, InterfaceKind.RAID)
        .filter(RaidInterface.class::isInstance)
        .map(RaidInterface.class::cast)
        .orElseThrow(
            () ->
                new IronicException(
                    Fault.UNSUPPORTED_DRIVER_EXTENSION,
                    "Driver %s does not support raid (disabled or not implemented)."
                        .formatted(driver)))
        .logicalDiskProperties();
  }

  private Optional<HardwareInterface> defaultOf(String driver, InterfaceKind kind) {
    return Optional.ofNullable(drivers.defaultInterfaces(driver).get(kind))
        .flatMap(name -> drivers.implementation(kind, name));
  }
}
