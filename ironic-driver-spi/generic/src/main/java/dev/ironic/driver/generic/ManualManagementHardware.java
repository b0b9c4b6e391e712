package dev.ironic.driver.generic;

import dev.ironic.driver.AbstractHardwareType;
import java.util.List;

/** Machines without a controller: a human, or the agent on them, switches them. */
public final class ManualManagementHardware extends AbstractHardwareType {

  @Override
  public String name() {
    return "manual-management";
  }

  @Override
  protected List<String> supportedPowerInterfaces() {
    return List.of("agent", "fake");
  }

  @Override
  protected List<String> supportedManagementInterfaces() {
    return List.of("noop", "fake");
  }

  @Override
  protected List<String> supportedDeployInterfaces() {
    return List.of(
        "autodetect", "direct", "ansible", "ramdisk", "anaconda", "bootc", "custom-agent", "noop");
  }

  @Override
  protected List<String> supportedConsoleInterfaces() {
    return List.of("no-console", "fake-graphical");
  }

  @Override
  protected List<String> supportedRaidInterfaces() {
    return List.of("no-raid", "agent");
  }
}
