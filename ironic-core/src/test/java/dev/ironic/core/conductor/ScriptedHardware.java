package dev.ironic.core.conductor;

import dev.ironic.core.driver.NoNetwork;
import dev.ironic.driver.AbstractHardwareType;
import dev.ironic.driver.BootDevice;
import dev.ironic.driver.BootMode;
import dev.ironic.driver.ConsoleInterface;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.InspectInterface;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.InterfaceProvider;
import dev.ironic.driver.ManagementInterface;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.StepResult;
import dev.ironic.driver.VendorInterface;
import dev.ironic.driver.VendorPassthru;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Interfaces that a test can look into and make fail; to be used with the fake hardware type. */
final class ScriptedHardware implements DriverPlugin {

  final List<String> vifs = new CopyOnWriteArrayList<>();
  final List<String> calls = new CopyOnWriteArrayList<>();
  volatile @Nullable BootMode bootMode = BootMode.BIOS;
  volatile @Nullable RuntimeException failure;
  volatile boolean consoleRuns;
  volatile Runnable during = () -> {};

  private void called(String what) {
    calls.add(what);
    during.run();
    RuntimeException wanted = failure;
    if (wanted != null) {
      throw wanted;
    }
  }

  @Override
  public List<AbstractHardwareType> hardwareTypes() {
    return List.of(new Type());
  }

  @Override
  public List<InterfaceProvider<?>> interfaces() {
    return List.of(
        new InterfaceProvider<>(InterfaceKind.NETWORK, "noop", context -> new Network()),
        new InterfaceProvider<>(InterfaceKind.CONSOLE, "scripted", context -> new Console()),
        new InterfaceProvider<>(InterfaceKind.INSPECT, "scripted", context -> new Inspect()),
        new InterfaceProvider<>(InterfaceKind.VENDOR, "scripted", context -> new Vendor()),
        new InterfaceProvider<>(InterfaceKind.MANAGEMENT, "scripted", context -> new Management()));
  }

  /** A second type, so that the driver of a node can be changed. */
  private static final class Type extends AbstractHardwareType {

    @Override
    public String name() {
      return "scripted-hardware";
    }

    @Override
    protected List<String> supportedPowerInterfaces() {
      return List.of("fake");
    }

    @Override
    protected List<String> supportedManagementInterfaces() {
      return List.of("scripted", "fake");
    }

    @Override
    protected List<String> supportedVendorInterfaces() {
      return List.of("scripted");
    }

    @Override
    public boolean acceptsAnyInterface() {
      return true;
    }
  }

  /** Keeps VIFs. */
  private final class Network extends NoNetwork {

    @Override
    public void attachVif(NodeTask task, Map<String, @Nullable Object> vif) {
      vifs.add(String.valueOf(vif.get("id")));
    }

    @Override
    public void detachVif(NodeTask task, String vifId) {
      vifs.remove(vifId);
    }

    @Override
    public List<String> vifs(NodeTask task) {
      return List.copyOf(vifs);
    }
  }

  /** A console that runs or does not. */
  private final class Console implements ConsoleInterface {

    @Override
    public Map<String, String> properties() {
      return Map.of();
    }

    @Override
    public void validate(NodeTask task) {}

    @Override
    public void startConsole(NodeTask task) {
      called("start console");
      consoleRuns = true;
    }

    @Override
    public void stopConsole(NodeTask task) {
      called("stop console");
      consoleRuns = false;
    }

    @Override
    public Map<String, String> console(NodeTask task) {
      return Map.of("type", "socat", "url", "tcp://192.0.2.1:4000");
    }
  }

  /** Waits for the ramdisk's data. */
  private final class Inspect implements InspectInterface {

    @Override
    public Map<String, String> properties() {
      return Map.of();
    }

    @Override
    public void validate(NodeTask task) {}

    @Override
    public StepResult inspect(NodeTask task) {
      called("inspect");
      return StepResult.waiting();
    }

    @Override
    public void abort(NodeTask task) {
      calls.add("abort inspection");
    }

    @Override
    public StepResult continueInspection(
        NodeTask task,
        Map<String, @Nullable Object> inventory,
        Map<String, @Nullable Object> pluginData) {
      called("continue inspection");
      return StepResult.done();
    }
  }

  /** One method of the driver, and one of a node that is a body of its own. */
  public static final class Vendor implements VendorInterface {

    @Override
    public Map<String, String> properties() {
      return Map.of();
    }

    @Override
    public void validate(NodeTask task) {}

    @Override
    public void validateCall(
        NodeTask task, Route route, String httpMethod, Map<String, @Nullable Object> parameters) {}

    /** Answers with its parameters. */
    @VendorPassthru(
        httpMethods = {"GET", "POST"},
        async = false,
        driverLevel = true)
    public Map<String, @Nullable Object> echo(Map<String, @Nullable Object> parameters) {
      return parameters;
    }

    /** Fails in a way that no driver should. */
    @VendorPassthru(httpMethods = "POST", async = false, attach = true)
    public Object breakDown(NodeTask task, Map<String, @Nullable Object> parameters) {
      throw new IllegalStateException("gears are stuck");
    }
  }

  /** Has boot modes. */
  private final class Management implements ManagementInterface {

    @Override
    public Map<String, String> properties() {
      return Map.of("address", "Where it is. Required.");
    }

    @Override
    public void validate(NodeTask task) {
      if (task.node().driverInfo().containsKey("broken")) {
        throw new IllegalStateException("cannot even look");
      }
    }

    @Override
    public Set<BootDevice> supportedBootDevices(NodeTask task) {
      return Set.of(BootDevice.DISK, BootDevice.PXE);
    }

    @Override
    public void setBootDevice(NodeTask task, BootDevice device, boolean persistent) {
      called("boot device " + device.wireName());
    }

    @Override
    public BootDevice.Selection bootDevice(NodeTask task) {
      return new BootDevice.Selection(null, null);
    }

    @Override
    public Set<BootMode> supportedBootModes(NodeTask task) {
      return Set.of(BootMode.UEFI, BootMode.BIOS);
    }

    @Override
    public @Nullable BootMode bootMode(NodeTask task) {
      return bootMode;
    }

    @Override
    public void setBootMode(NodeTask task, BootMode mode) {
      called("boot mode " + mode.wireName());
      bootMode = mode;
    }

    @Override
    public void injectNmi(NodeTask task) {
      throw DriverException.failed("the controller refuses", null);
    }

    @Override
    public List<Map<String, @Nullable Object>> virtualMedia(NodeTask task) {
      return new ArrayList<>();
    }

    @Override
    public void attachVirtualMedia(NodeTask task, String deviceType, String imageUrl) {
      called("attach " + deviceType + " " + imageUrl);
    }

    @Override
    public void detachVirtualMedia(NodeTask task, List<String> deviceTypes) {
      called("detach " + deviceTypes);
    }
  }
}
