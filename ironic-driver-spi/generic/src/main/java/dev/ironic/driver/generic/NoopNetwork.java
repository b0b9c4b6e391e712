package dev.ironic.driver.generic;

import dev.ironic.driver.NetworkInterface;
import dev.ironic.driver.NodeTask;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Leaves the machine in whatever network it is plugged into. Thread-safe. */
public final class NoopNetwork implements NetworkInterface {

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

  @Override
  public void validateInspection(NodeTask task) {}
}
