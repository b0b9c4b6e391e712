package dev.ironic.core.conductor;

import dev.ironic.core.driver.NoNetwork;
import dev.ironic.driver.AbstractHardwareType;
import dev.ironic.driver.BootDevice;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.InterfaceProvider;
import dev.ironic.driver.ManagementInterface;
import dev.ironic.driver.NetworkInterface;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.Periodic;
import dev.ironic.driver.PowerInterface;
import dev.ironic.driver.PowerState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A hardware type with periodic methods of all sorts, which tells what was called. */
public final class Watched implements DriverPlugin {

  /** A call: of which method of which class, and for which node. */
  record Call(Class<?> type, String method, @Nullable String node) {}

  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private volatile Consumer<NodeTask> onLook = task -> {};
  private volatile Function<NodeTask, Map<String, Map<String, Map<String, Object>>>> sensors =
      task -> Map.of();
  private volatile @Nullable PowerInterface extra;

  /** From now on, this happens when a node is looked at. */
  void onLook(Consumer<NodeTask> action) {
    onLook = action;
  }

  /** From now on, sensors show this. */
  void sensors(Function<NodeTask, Map<String, Map<String, Map<String, Object>>>> reading) {
    sensors = reading;
  }

  /** Offers one more power interface, {@code extra}, for conductors started from now on. */
  void offer(PowerInterface more) {
    extra = more;
  }

  /** The nodes for which a method was called, in order. */
  List<@Nullable String> nodes(Class<?> type, String method) {
    return calls.stream()
        .filter(call -> call.type() == type && call.method().equals(method))
        .<@Nullable String>map(Call::node)
        .toList();
  }

  private void called(Object self, String method, @Nullable NodeTask task) {
    calls.add(new Call(self.getClass(), method, task == null ? null : task.node().uuid()));
  }

  @Override
  public List<AbstractHardwareType> hardwareTypes() {
    return List.of(new Type());
  }

  @Override
  public List<InterfaceProvider<?>> interfaces() {
    return List.of(
        power("base", new Base(this)),
        power("base-again", new Base(this)),
        power("derived", new Derived(this)),
        power("both", new Both(this)),
        power("extra", extra == null ? new Base(this) : extra),
        new InterfaceProvider<NetworkInterface>(
            InterfaceKind.NETWORK, "none", context -> new NoNetwork()),
        new InterfaceProvider<ManagementInterface>(
            InterfaceKind.MANAGEMENT, "both", context -> new Both(this)));
  }

  private static InterfaceProvider<PowerInterface> power(String name, PowerInterface instance) {
    return new InterfaceProvider<>(InterfaceKind.POWER, name, context -> instance);
  }

  /** The hardware type. */
  public static final class Type extends AbstractHardwareType {

    @Override
    public String name() {
      return "watched";
    }

    @Override
    protected List<String> supportedPowerInterfaces() {
      return List.of("base");
    }

    @Override
    protected List<String> supportedManagementInterfaces() {
      return List.of("fake");
    }

    @Override
    public boolean acceptsAnyInterface() {
      return true;
    }
  }

  /** Power that is always off. */
  public static class Silent implements PowerInterface {

    @Override
    public Map<String, String> properties() {
      return Map.of();
    }

    @Override
    public void validate(NodeTask task) {}

    @Override
    public @Nullable PowerState powerState(NodeTask task) {
      return PowerState.POWER_OFF;
    }

    @Override
    public void setPowerState(NodeTask task, PowerState target, @Nullable Duration timeout) {}

    @Override
    public void reboot(NodeTask task, @Nullable Duration timeout) {}
  }

  /** Periodic methods of all sorts. */
  public static class Base extends Silent {

    private final Watched watched;

    Base(Watched watched) {
      this.watched = watched;
    }

    /** For all nodes. */
    @Periodic(spacing = 100)
    public void look(NodeTask task) {
      watched.called(this, "look", task);
      watched.onLook.accept(task);
    }

    /** With all conditions. */
    @Periodic(
        spacing = 100,
        states = {"manageable", "available"},
        maintenance = Periodic.Maintenance.EXCLUDED,
        internalInfo = "job")
    public void poll(NodeTask task) {
      watched.called(this, "poll", task);
    }

    /** For broken nodes. */
    @Periodic(spacing = 100, maintenance = Periodic.Maintenance.REQUIRED)
    public void heal(NodeTask task) {
      watched.called(this, "heal", task);
    }

    /** For two nodes a round; those with a job do not count. */
    @Periodic(spacing = 100, limit = 2)
    public boolean few(NodeTask task) {
      watched.called(this, "few", task);
      return task.node().driverInternalInfo().get("job") == null;
    }

    /** Only where wanted. */
    @Periodic(spacing = 100, spacingOption = "watched.interval", enabledOption = "watched.enabled")
    public void wanted(NodeTask task) {
      watched.called(this, "wanted", task);
    }

    /** Once for each instance, at the start. */
    @Periodic(spacing = 100, runImmediately = true)
    public void refresh() {
      watched.called(this, "refresh", null);
    }
  }

  /** Inherits all of them, but one. */
  public static class Derived extends Base {

    Derived(Watched watched) {
      super(watched);
    }

    @Override
    public void poll(NodeTask task) {
      throw new AssertionError("it is not periodic here");
    }
  }

  /** One class for two kinds. */
  public static final class Both extends Silent implements ManagementInterface {

    private final Watched watched;

    Both(Watched watched) {
      this.watched = watched;
    }

    /** For all nodes. */
    @Periodic(spacing = 100)
    public void look(NodeTask task) {
      watched.called(this, "look", task);
    }

    @Override
    public Set<BootDevice> supportedBootDevices(NodeTask task) {
      return Set.of();
    }

    @Override
    public void setBootDevice(NodeTask task, BootDevice device, boolean persistent) {
      throw DriverException.unsupported("no boot device");
    }

    @Override
    public BootDevice.Selection bootDevice(NodeTask task) {
      throw DriverException.unsupported("no boot device");
    }

    @Override
    public Map<String, Map<String, Map<String, Object>>> sensors(NodeTask task) {
      return watched.sensors.apply(task);
    }
  }
}
