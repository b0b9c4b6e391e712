package dev.ironic.driver.generic;

import dev.ironic.driver.BootDevice;
import dev.ironic.driver.ManagementInterface;
import dev.ironic.driver.NodeTask;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** For machines whose boot device nobody can set. Thread-safe. */
public final class NoopManagement implements ManagementInterface {

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

  @Override
  public Set<BootDevice> supportedBootDevices(NodeTask task) {
    return EnumSet.of(BootDevice.PXE, BootDevice.DISK);
  }

  @Override
  public void setBootDevice(NodeTask task, BootDevice device, boolean persistent) {}

  @Override
  public BootDevice.Selection bootDevice(NodeTask task) {
    return new BootDevice.Selection(BootDevice.PXE, true);
  }
}
