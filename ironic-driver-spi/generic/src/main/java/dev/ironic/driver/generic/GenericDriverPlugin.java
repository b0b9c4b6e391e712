package dev.ironic.driver.generic;

import dev.ironic.driver.AbstractHardwareType;
import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.InterfaceProvider;
import java.util.List;

/** Brings the interfaces that hardware types share, and the hardware type that needs no others. */
public final class GenericDriverPlugin implements DriverPlugin {

  @Override
  public List<AbstractHardwareType> hardwareTypes() {
    return List.of(new ManualManagementHardware());
  }

  @Override
  public List<InterfaceProvider<?>> interfaces() {
    return List.of(
        boot(NetworkBootKind.PXE),
        boot(NetworkBootKind.IPXE),
        boot(NetworkBootKind.HTTP),
        boot(NetworkBootKind.HTTP_IPXE),
        new InterfaceProvider<>(InterfaceKind.DEPLOY, "direct", DirectDeploy::new),
        new InterfaceProvider<>(InterfaceKind.DEPLOY, "noop", context -> new NoopDeploy()),
        new InterfaceProvider<>(InterfaceKind.MANAGEMENT, "noop", context -> new NoopManagement()),
        new InterfaceProvider<>(InterfaceKind.NETWORK, "noop", context -> new NoopNetwork()),
        new InterfaceProvider<>(InterfaceKind.POWER, "agent", AgentPower::new),
        new InterfaceProvider<>(InterfaceKind.STORAGE, "noop", context -> new NoopStorage()),
        new InterfaceProvider<>(InterfaceKind.BIOS, "no-bios", context -> new NoBios()),
        new InterfaceProvider<>(InterfaceKind.CONSOLE, "no-console", context -> new NoConsole()),
        new InterfaceProvider<>(InterfaceKind.FIRMWARE, "no-firmware", context -> new NoFirmware()),
        new InterfaceProvider<>(InterfaceKind.INSPECT, "agent", AgentInspect::new),
        new InterfaceProvider<>(InterfaceKind.INSPECT, "no-inspect", context -> new NoInspect()),
        new InterfaceProvider<>(InterfaceKind.RAID, "no-raid", context -> new NoRaid()),
        new InterfaceProvider<>(InterfaceKind.RESCUE, "no-rescue", context -> new NoRescue()),
        new InterfaceProvider<>(InterfaceKind.VENDOR, "no-vendor", context -> new NoVendor()));
  }

  private static InterfaceProvider<NetworkBoot> boot(NetworkBootKind kind) {
    return new InterfaceProvider<>(
        InterfaceKind.BOOT, kind.interfaceName(), context -> new NetworkBoot(kind, context));
  }
}
