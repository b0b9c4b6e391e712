package dev.ironic.driver.ipmi;

import dev.ironic.driver.AbstractHardwareType;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.InterfaceProvider;
import java.util.IdentityHashMap;
import java.util.List;

/** Brings the IPMI hardware type. Its interfaces share what they know of when a BMC was asked. */
public final class IpmiDriverPlugin implements DriverPlugin {

  private final IdentityHashMap<DriverContext, Ipmitool> tools = new IdentityHashMap<>();

  @Override
  public List<AbstractHardwareType> hardwareTypes() {
    return List.of(new IpmiHardware());
  }

  @Override
  public List<InterfaceProvider<?>> interfaces() {
    return List.of(
        new InterfaceProvider<>(
            InterfaceKind.POWER, "ipmitool", context -> new IpmiPower(context, tool(context))),
        new InterfaceProvider<>(
            InterfaceKind.MANAGEMENT, "ipmitool", context -> new IpmiManagement(tool(context))),
        new InterfaceProvider<>(
            InterfaceKind.VENDOR, "ipmitool", context -> new IpmiVendor(tool(context))));
  }

  private synchronized Ipmitool tool(DriverContext context) {
    return tools.computeIfAbsent(
        context,
        key ->
            new Ipmitool(
                IpmiOptions.from(key.config()), new ProcessRunner(), key.bmcCalls(), key.clock()));
  }
}
