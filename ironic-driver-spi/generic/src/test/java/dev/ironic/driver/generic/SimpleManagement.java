package dev.ironic.driver.generic;

import dev.ironic.driver.BootDevice;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.ManagementInterface;
import dev.ironic.driver.NodeTask;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Remembers the boot devices that were set. */
class SimpleManagement implements ManagementInterface {

  final List<BootDevice.Selection> set = new ArrayList<>();
  Set<BootDevice> supported = EnumSet.allOf(BootDevice.class);

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

  @Override
  public Set<BootDevice> supportedBootDevices(NodeTask task) {
    return supported;
  }

  @Override
  public void setBootDevice(NodeTask task, BootDevice device, boolean persistent) {
    if (!supported.contains(device)) {
      throw DriverException.invalid("no " + device);
    }
    set.add(new BootDevice.Selection(device, persistent));
  }

  @Override
  public BootDevice.Selection bootDevice(NodeTask task) {
    return set.getLast();
  }
}
