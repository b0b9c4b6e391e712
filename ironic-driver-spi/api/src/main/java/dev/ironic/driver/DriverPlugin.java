package dev.ironic.driver;

import java.util.List;

/**
 * The entry point of a driver jar, named in {@code
 * META-INF/services/dev.ironic.driver.DriverPlugin}. It has a public constructor without parameters
 * and does nothing in it.
 */
public interface DriverPlugin {

  /** The version of the SPI that the plug-in was written against. */
  default SpiVersion spiVersion() {
    return SpiVersion.CURRENT;
  }

  /** The hardware types it brings. */
  default List<AbstractHardwareType> hardwareTypes() {
    return List.of();
  }

  /** The interface implementations it brings; hardware types of others may name them too. */
  default List<InterfaceProvider<?>> interfaces() {
    return List.of();
  }
}
