package dev.ironic.chaos.hardware;

import dev.ironic.driver.AbstractHardwareType;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.HardwareInterface;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.InterfaceProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Brings the hardware type {@code chaos-hardware}. */
public final class ChaosDriverPlugin implements DriverPlugin {

  /** One for all interfaces of a conductor, so that calls of one task are known as such. */
  private final Map<DriverContext, YardClient> clients = new ConcurrentHashMap<>();

  @Override
  public List<AbstractHardwareType> hardwareTypes() {
    return List.of(new ChaosHardware());
  }

  @Override
  public List<InterfaceProvider<?>> interfaces() {
    return List.of(
        provider(InterfaceKind.BOOT, ChaosBoot::new),
        provider(InterfaceKind.DEPLOY, ChaosDeploy::new),
        provider(InterfaceKind.MANAGEMENT, ChaosManagement::new),
        provider(InterfaceKind.POWER, ChaosPower::new));
  }

  private <T extends HardwareInterface> InterfaceProvider<T> provider(
      InterfaceKind kind, Function<YardClient, T> factory) {
    return new InterfaceProvider<>(
        kind, ChaosHardware.CHAOS, context -> factory.apply(client(context)));
  }

  private YardClient client(DriverContext context) {
    return clients.computeIfAbsent(context, YardClient::new);
  }
}
