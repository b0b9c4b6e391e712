package dev.ironic.chaos.hardware;

import dev.ironic.driver.AbstractHardwareType;
import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.InterfaceProvider;
import java.util.List;

/** Brings the hardware type {@code chaos-hardware}. */
public final class ChaosDriverPlugin implements DriverPlugin {

  @Override
  public List<AbstractHardwareType> hardwareTypes() {
    return List.of(new ChaosHardware());
  }

  @Override
  public List<InterfaceProvider<?>> interfaces() {
    return List.of(
        new InterfaceProvider<>(InterfaceKind.BOOT, ChaosHardware.CHAOS, ChaosBoot::new),
        new InterfaceProvider<>(InterfaceKind.DEPLOY, ChaosHardware.CHAOS, ChaosDeploy::new),
        new InterfaceProvider<>(
            InterfaceKind.MANAGEMENT, ChaosHardware.CHAOS, ChaosManagement::new),
        new InterfaceProvider<>(InterfaceKind.POWER, ChaosHardware.CHAOS, ChaosPower::new));
  }
}
