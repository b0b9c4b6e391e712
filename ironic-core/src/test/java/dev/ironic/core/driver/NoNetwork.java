package dev.ironic.core.driver;

import dev.ironic.driver.NetworkInterface;
import dev.ironic.driver.NodeTask;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A network that does nothing. */
public class NoNetwork implements NetworkInterface {

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
