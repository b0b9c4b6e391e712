package dev.ironic.driver.fake;

import dev.ironic.driver.AbstractHardwareType;
import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.InterfaceProvider;
import java.util.List;

/** Brings fake hardware. */
public final class FakeDriverPlugin implements DriverPlugin {

  @Override
  public List<AbstractHardwareType> hardwareTypes() {
    return List.of(new FakeHardware());
  }

  @Override
  public List<InterfaceProvider<?>> interfaces() {
    return List.of(
        new InterfaceProvider<>(InterfaceKind.BIOS, "fake", FakeBios::new),
        new InterfaceProvider<>(InterfaceKind.BOOT, "fake", FakeBoot::new),
        new InterfaceProvider<>(InterfaceKind.CONSOLE, "fake", context -> new FakeConsole()),
        new InterfaceProvider<>(InterfaceKind.DEPLOY, "fake", FakeDeploy::new),
        new InterfaceProvider<>(InterfaceKind.FIRMWARE, "fake", FakeFirmware::new),
        new InterfaceProvider<>(InterfaceKind.INSPECT, "fake", FakeInspect::new),
        new InterfaceProvider<>(InterfaceKind.MANAGEMENT, "fake", FakeManagement::new),
        new InterfaceProvider<>(InterfaceKind.POWER, "fake", FakePower::new),
        new InterfaceProvider<>(InterfaceKind.RAID, "fake", FakeRaid::new),
        new InterfaceProvider<>(InterfaceKind.RESCUE, "fake", FakeRescue::new),
        new InterfaceProvider<>(InterfaceKind.STORAGE, "fake", FakeStorage::new),
        new InterfaceProvider<>(InterfaceKind.VENDOR, "fake", FakeVendor::new));
  }
}
