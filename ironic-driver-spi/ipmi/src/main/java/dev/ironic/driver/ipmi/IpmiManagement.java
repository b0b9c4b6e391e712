package dev.ironic.driver.ipmi;

import dev.ironic.driver.BootDevice;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.ManagementInterface;
import dev.ironic.driver.NodeTask;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Boot device, sensors and the like by IPMI. It cannot tell nor set a boot mode. Thread-safe. */
public final class IpmiManagement implements ManagementInterface {

  private final Ipmitool ipmitool;
  private final BootDevices bootDevices;

  IpmiManagement(Ipmitool ipmitool) {
    this.ipmitool = ipmitool;
    this.bootDevices = new BootDevices(ipmitool);
  }

  @Override
  public Map<String, String> properties() {
    return IpmiDriverInfo.PROPERTIES;
  }

  @Override
  public void validate(NodeTask task) {
    IpmiDriverInfo.parse(task.node().driverInfo());
  }

  @Override
  public Set<BootDevice> supportedBootDevices(NodeTask task) {
    return BootDevices.supported();
  }

  @Override
  public void setBootDevice(NodeTask task, BootDevice device, boolean persistent) {
    bootDevices.set(task, device, persistent);
  }

  @Override
  public BootDevice.Selection bootDevice(NodeTask task) {
    return bootDevices.read(task);
  }

  @Override
  public String detectVendor(NodeTask task) {
    String maker = Ipmitool.field(ipmitool.read(task, "mc", "info"), "Manufacturer Name");
    if (maker == null) {
      throw DriverException.failed(
          "The BMC of node %s tells no manufacturer".formatted(task.node().uuid()), null);
    }
    return maker.toLowerCase(Locale.ROOT);
  }

  @Override
  public void injectNmi(NodeTask task) {
    ipmitool.run(task, "power", "diag");
  }

  @Override
  public Map<String, Map<String, Map<String, Object>>> sensors(NodeTask task) {
    return sensorsIn(ipmitool.read(task, "sdr", "-v"));
  }

  /** Sorts a listing of sensors, which are set apart by blank lines, by their types. */
  static Map<String, Map<String, Map<String, Object>>> sensorsIn(String listing) {
    var sensors = new LinkedHashMap<String, Map<String, Map<String, Object>>>();
    for (String block : listing.split("\n\\s*\n", -1)) {
      var fields = new LinkedHashMap<String, Object>();
      String type = null;
      for (String line : block.split("\n", -1)) {
        String[] parts = line.split(":", -1);
        if (parts.length != 2) {
          continue;
        }
        String name = parts[0].strip();
        String value = parts[1].strip();
        fields.put(name, value);
        if (name.startsWith("Sensor Type (") && !value.isEmpty()) {
          type = value.split("\\s+", 2)[0];
        }
      }
      Object id = fields.get("Sensor ID");
      if (type != null && id != null && fields.containsKey("Sensor Reading")) {
        sensors.computeIfAbsent(type, key -> new LinkedHashMap<>()).put(id.toString(), fields);
      }
    }
    return sensors;
  }
}
