package dev.ironic.driver.fake;

import dev.ironic.driver.AbstractHardwareType;
import java.util.List;

/** Hardware that only pretends. Any enabled implementation may be used with it. */
public final class FakeHardware extends AbstractHardwareType {

  @Override
  public String name() {
    return "fake-hardware";
  }

  @Override
  public boolean acceptsAnyInterface() {
    return true;
  }

  @Override
  protected List<String> supportedPowerInterfaces() {
    return List.of("fake");
  }

  @Override
  protected List<String> supportedManagementInterfaces() {
    return List.of("fake");
  }

  @Override
  protected List<String> supportedBootInterfaces() {
    return List.of("fake", "ipxe", "pxe", "http-ipxe", "http");
  }

  @Override
  protected List<String> supportedDeployInterfaces() {
    return List.of(
        "fake", "autodetect", "direct", "ansible", "ramdisk", "anaconda", "bootc", "custom-agent");
  }

  @Override
  protected List<String> supportedBiosInterfaces() {
    return List.of("fake", "no-bios");
  }

  @Override
  protected List<String> supportedConsoleInterfaces() {
    return List.of("fake", "no-console", "fake-graphical");
  }

  @Override
  protected List<String> supportedFirmwareInterfaces() {
    return List.of("fake", "no-firmware");
  }

  @Override
  protected List<String> supportedInspectInterfaces() {
    return List.of("fake", "agent", "no-inspect");
  }

  @Override
  protected List<String> supportedRaidInterfaces() {
    return List.of("fake", "no-raid", "agent");
  }

  @Override
  protected List<String> supportedRescueInterfaces() {
    return List.of("fake", "no-rescue", "agent");
  }

  @Override
  protected List<String> supportedStorageInterfaces() {
    return List.of("fake", "noop", "cinder", "external");
  }

  @Override
  protected List<String> supportedVendorInterfaces() {
    return List.of("fake", "no-vendor");
  }
}
