package dev.ironic.examples.customdriver;

import dev.ironic.driver.AbstractHardwareType;
import java.util.List;

/**
 * A machine of which only the power can be switched. The names are this driver's own and those of
 * interfaces that come with the conductor; kinds that are not named have what works everywhere.
 */
public final class OutletHardware extends AbstractHardwareType {

  @Override
  public String name() {
    return "outlet";
  }

  @Override
  protected List<String> supportedPowerInterfaces() {
    return List.of("outlet");
  }

  @Override
  protected List<String> supportedManagementInterfaces() {
    return List.of("noop");
  }

  @Override
  protected List<String> supportedBootInterfaces() {
    return List.of("local-disk");
  }

  @Override
  protected List<String> supportedDeployInterfaces() {
    return List.of("noop");
  }
}
