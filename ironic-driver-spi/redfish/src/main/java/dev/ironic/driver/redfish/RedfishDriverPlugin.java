package dev.ironic.driver.redfish;

import dev.ironic.driver.AbstractHardwareType;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.InterfaceProvider;
import java.util.IdentityHashMap;
import java.util.List;

/** Brings the Redfish hardware type. Its interfaces share the connections of their conductor. */
public final class RedfishDriverPlugin implements DriverPlugin {

  private final IdentityHashMap<DriverContext, BmcConnections> connections =
      new IdentityHashMap<>();

  @Override
  public List<AbstractHardwareType> hardwareTypes() {
    return List.of(new RedfishHardware());
  }

  @Override
  public List<InterfaceProvider<?>> interfaces() {
    return List.of(
        new InterfaceProvider<>(
            InterfaceKind.POWER,
            "redfish",
            context -> new RedfishPower(context, connections(context))),
        new InterfaceProvider<>(
            InterfaceKind.MANAGEMENT,
            "redfish",
            context -> new RedfishManagement(context, connections(context))),
        new InterfaceProvider<>(
            InterfaceKind.BOOT,
            "redfish-virtual-media",
            context -> new RedfishVirtualMediaBoot(context, connections(context))));
  }

  private synchronized BmcConnections connections(DriverContext context) {
    return connections.computeIfAbsent(context, BmcConnections::new);
  }
}
