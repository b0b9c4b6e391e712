package dev.ironic.examples.customdriver;

import dev.ironic.driver.BootDevice;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.ManagementInterface;
import dev.ironic.driver.NodeTask;
import java.util.Map;
import java.util.Set;

/** A jumper beside each outlet tells the machine where to boot from. Thread-safe. */
public final class PduManagement implements ManagementInterface {

  private static final String ONCE = " once";

  private final PduClient client = new PduClient();

  /** Needs nothing of the conductor. */
  public PduManagement(DriverContext context) {}

  @Override
  public Map<String, String> properties() {
    return Outlet.PROPERTIES;
  }

  @Override
  public void validate(NodeTask task) {
    Outlet.of(task.node());
  }

  @Override
  public Set<BootDevice> supportedBootDevices(NodeTask task) {
    return Set.of(BootDevice.DISK, BootDevice.PXE);
  }

  @Override
  public void setBootDevice(NodeTask task, BootDevice device, boolean persistent) {
    String value =
        switch (device) {
          case DISK -> "disk";
          case PXE -> "network";
          case CDROM, BIOS, SAFE, WANBOOT, UEFIHTTP, FLOPPY ->
              throw DriverException.invalid(
                  "The boot device '%s' is not one of disk and pxe".formatted(device.wireName()));
        };
    client.write(Outlet.of(task.node()), "boot", persistent ? value : value + ONCE);
  }

  @Override
  public BootDevice.Selection bootDevice(NodeTask task) {
    String value = client.read(Outlet.of(task.node())).getOrDefault("boot", "");
    BootDevice device =
        switch (value.replace(ONCE, "")) {
          case "disk" -> BootDevice.DISK;
          case "network" -> BootDevice.PXE;
          default -> null;
        };
    return new BootDevice.Selection(device, device == null ? null : !value.endsWith(ONCE));
  }

  @Override
  public void close() {
    client.close();
  }
}
