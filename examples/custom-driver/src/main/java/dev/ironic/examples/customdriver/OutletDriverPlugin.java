package dev.ironic.examples.customdriver;

import dev.ironic.driver.AbstractHardwareType;
import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.InterfaceProvider;
import java.util.List;

/** The entry point, named in {@code META-INF/services/dev.ironic.driver.DriverPlugin}. */
public final class OutletDriverPlugin implements DriverPlugin {

  @Override
  public List<AbstractHardwareType> hardwareTypes() {
    return List.of(new OutletHardware());
  }

  @Override
  public List<InterfaceProvider<?>> interfaces() {
    return List.of(
        new InterfaceProvider<>(InterfaceKind.POWER, "outlet", OutletPower::new),
        new InterfaceProvider<>(InterfaceKind.BOOT, "local-disk", context -> new LocalDiskBoot()));
  }
}
