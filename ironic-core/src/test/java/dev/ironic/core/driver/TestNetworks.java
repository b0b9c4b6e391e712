package dev.ironic.core.driver;

import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.InterfaceProvider;
import dev.ironic.driver.NetworkInterface;
import java.util.List;

/** A network that does nothing, which the fake driver does not bring. */
final class TestNetworks implements DriverPlugin {

  @Override
  public List<InterfaceProvider<?>> interfaces() {
    return List.of(
        new InterfaceProvider<NetworkInterface>(
            InterfaceKind.NETWORK, "fake", context -> new NoNetwork()));
  }
}
