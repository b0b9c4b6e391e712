package dev.ironic.examples.customdriver;

import dev.ironic.driver.AbstractHardwareType;
import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.InterfaceProvider;
import java.util.List;

/** The entry point, named in {@code META-INF/services}. */
public final class PduDriverPlugin implements DriverPlugin {

  @Override
  public List<AbstractHardwareType> hardwareTypes() {
    return List.of(new PduHardware());
  }

  @Override
  public List<InterfaceProvider<?>> interfaces() {
    return List.of(
        new InterfaceProvider<>(InterfaceKind.POWER, "pdu", PduPower::new),
        new InterfaceProvider<>(InterfaceKind.MANAGEMENT, "pdu", PduManagement::new));
  }
}
