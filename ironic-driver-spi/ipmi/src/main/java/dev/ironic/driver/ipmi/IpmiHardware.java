package dev.ironic.driver.ipmi;

import dev.ironic.driver.AbstractHardwareType;
import java.util.List;

/** Machines whose controller speaks IPMI. */
public final class IpmiHardware extends AbstractHardwareType {

  @Override
  public String name() {
    return "ipmi";
  }

  @Override
  protected List<String> supportedPowerInterfaces() {
    return List.of("ipmitool");
  }

  @Override
  protected List<String> supportedManagementInterfaces() {
    return List.of("ipmitool", "noop");
  }

  @Override
  protected List<String> supportedConsoleInterfaces() {
    return List.of("ipmitool-socat", "no-console", "fake-graphical");
  }

  @Override
  protected List<String> supportedRaidInterfaces() {
    return List.of("no-raid", "agent");
  }

  @Override
  protected List<String> supportedVendorInterfaces() {
    return List.of("ipmitool", "no-vendor");
  }
}
