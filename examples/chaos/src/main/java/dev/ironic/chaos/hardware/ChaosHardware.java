package dev.ironic.chaos.hardware;

import dev.ironic.driver.AbstractHardwareType;
import java.util.List;

/** Machines of the yard. */
public final class ChaosHardware extends AbstractHardwareType {

  /** The name of the interfaces. */
  static final String CHAOS = "chaos";

  @Override
  public String name() {
    return "chaos-hardware";
  }

  @Override
  protected List<String> supportedPowerInterfaces() {
    return List.of(CHAOS);
  }

  @Override
  protected List<String> supportedManagementInterfaces() {
    return List.of(CHAOS);
  }

  @Override
  protected List<String> supportedBootInterfaces() {
    return List.of(CHAOS);
  }

  @Override
  protected List<String> supportedDeployInterfaces() {
    return List.of(CHAOS);
  }
}
