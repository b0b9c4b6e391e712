package dev.ironic.chaos.hardware;

import dev.ironic.driver.BootDevice;
import dev.ironic.driver.ManagementInterface;
import dev.ironic.driver.NodeTask;
import java.util.Map;
import java.util.Set;

/** Chooses what a machine of the yard boots from. Thread-safe. */
final class ChaosManagement implements ManagementInterface {

  private final YardClient yard;

  ChaosManagement(YardClient yard) {
    this.yard = yard;
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

  @Override
  public Set<BootDevice> supportedBootDevices(NodeTask task) {
    return Set.of(BootDevice.PXE, BootDevice.DISK);
  }

  @Override
  public void setBootDevice(NodeTask task, BootDevice device, boolean persistent) {
    yard.command(task, "boot " + (device == BootDevice.DISK ? "disk" : "ramdisk"));
  }

  @Override
  public BootDevice.Selection bootDevice(NodeTask task) {
    return new BootDevice.Selection(
        yard.read(task, "boot").equals("disk") ? BootDevice.DISK : BootDevice.PXE, true);
  }

  @Override
  public void close() {
    yard.close();
  }
}
