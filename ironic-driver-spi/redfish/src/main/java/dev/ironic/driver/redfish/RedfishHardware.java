package dev.ironic.driver.redfish;

import dev.ironic.driver.AbstractHardwareType;
import java.util.List;

/** Machines whose controller speaks Redfish. */
public final class RedfishHardware extends AbstractHardwareType {

  @Override
  public String name() {
    return "redfish";
  }

  @Override
  protected List<String> supportedPowerInterfaces() {
    return List.of("redfish");
  }

  @Override
  protected List<String> supportedManagementInterfaces() {
    return List.of("redfish", "noop");
  }

  @Override
  protected List<String> supportedBootInterfaces() {
    return List.of("ipxe", "pxe", "http-ipxe", "http", "redfish-virtual-media", "redfish-https");
  }

  @Override
  protected List<String> supportedBiosInterfaces() {
    return List.of("redfish", "no-bios");
  }

  @Override
  protected List<String> supportedConsoleInterfaces() {
    return List.of("redfish-graphical", "ipmitool-socat", "no-console", "fake-graphical");
  }

  @Override
  protected List<String> supportedFirmwareInterfaces() {
    return List.of("redfish", "no-firmware");
  }

  @Override
  protected List<String> supportedInspectInterfaces() {
    return List.of("redfish", "agent", "no-inspect");
  }

  @Override
  protected List<String> supportedRaidInterfaces() {
    return List.of("redfish", "no-raid", "agent");
  }

  @Override
  protected List<String> supportedVendorInterfaces() {
    return List.of("redfish", "no-vendor");
  }
}
