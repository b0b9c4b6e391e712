package dev.ironic.core.driver;

import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.InterfaceProvider;
import dev.ironic.driver.NetworkInterface;
import dev.ironic.driver.NodeTask;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A network that does nothing, which the fake driver does not bring. */
final class TestNetworks implements DriverPlugin {

  @Override
  public List<InterfaceProvider<?>> interfaces() {
    return List.of(
        new InterfaceProvider<NetworkInterface>(
            InterfaceKind.NETWORK, "fake", context -> new Nothing()));
  }

  private static final class Nothing implements NetworkInterface {

    @Override
    public Map<String, String> properties() {
      return Map.of();
    }

    @Override
    public void validate(NodeTask task) {}

    @Override
    public void addNetwork(NodeTask task, Purpose purpose) {}

    @Override
    public void removeNetwork(NodeTask task, Purpose purpose) {}

    @Override
    public void configureTenantNetworks(NodeTask task) {}

    @Override
    public void unconfigureTenantNetworks(NodeTask task) {}

    @Override
    public void attachVif(NodeTask task, Map<String, @Nullable Object> vif) {}

    @Override
    public void detachVif(NodeTask task, String vifId) {}

    @Override
    public List<String> vifs(NodeTask task) {
      return List.of();
    }
  }
}
