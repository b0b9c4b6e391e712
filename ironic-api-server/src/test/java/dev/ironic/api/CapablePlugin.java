package dev.ironic.api;

import dev.ironic.driver.BootDevice;
import dev.ironic.driver.BootMode;
import dev.ironic.driver.DeployStep;
import dev.ironic.driver.DriverPlugin;
import dev.ironic.driver.InspectInterface;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.InterfaceProvider;
import dev.ironic.driver.ManagementInterface;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.StepArgument;
import dev.ironic.driver.StepResult;
import dev.ironic.driver.VendorInterface;
import dev.ironic.driver.VendorPassthru;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Interfaces named {@code capable} that can do what the fake ones refuse: virtual media, boot
 * modes, inspection through a ramdisk, vendor methods of every kind. They remember what they were
 * told as long as the conductor lives. Thread-safe.
 */
public final class CapablePlugin implements DriverPlugin {

  static final String NAME = "capable";

  @Override
  public List<InterfaceProvider<?>> interfaces() {
    return List.of(
        new InterfaceProvider<>(InterfaceKind.INSPECT, NAME, context -> new Inspect()),
        new InterfaceProvider<>(InterfaceKind.MANAGEMENT, NAME, context -> new Management()),
        new InterfaceProvider<>(InterfaceKind.VENDOR, NAME, context -> new Vendor()));
  }

  /** Waits for the ramdisk and takes what it posts. */
  public static final class Inspect implements InspectInterface {

    @Override
    public Map<String, String> properties() {
      return Map.of();
    }

    @Override
    public void validate(NodeTask task) {}

    @Override
    public StepResult inspect(NodeTask task) {
      return StepResult.waiting();
    }

    @Override
    public StepResult continueInspection(
        NodeTask task,
        Map<String, @Nullable Object> inventory,
        Map<String, @Nullable Object> pluginData) {
      return StepResult.done();
    }
  }

  /** One virtual drive, two boot modes. */
  public static final class Management implements ManagementInterface {

    private final Map<String, String> images = new ConcurrentHashMap<>();
    private final Map<String, BootMode> modes = new ConcurrentHashMap<>();
    private final Map<String, Boolean> secure = new ConcurrentHashMap<>();
    private final Map<String, BootDevice.Selection> devices = new ConcurrentHashMap<>();

    @Override
    public Map<String, String> properties() {
      return Map.of();
    }

    @Override
    public void validate(NodeTask task) {}

    @Override
    public Set<BootDevice> supportedBootDevices(NodeTask task) {
      return Set.of(BootDevice.PXE, BootDevice.DISK);
    }

    @Override
    public void setBootDevice(NodeTask task, BootDevice device, boolean persistent) {
      devices.put(task.node().uuid(), new BootDevice.Selection(device, persistent));
    }

    @Override
    public BootDevice.Selection bootDevice(NodeTask task) {
      return devices.getOrDefault(
          task.node().uuid(), new BootDevice.Selection(BootDevice.PXE, false));
    }

    @Override
    public Set<BootMode> supportedBootModes(NodeTask task) {
      return Set.of(BootMode.BIOS, BootMode.UEFI);
    }

    @Override
    public void setBootMode(NodeTask task, BootMode mode) {
      modes.put(task.node().uuid(), mode);
    }

    @Override
    public BootMode bootMode(NodeTask task) {
      return modes.getOrDefault(task.node().uuid(), BootMode.BIOS);
    }

    @Override
    public Boolean secureBoot(NodeTask task) {
      return secure.getOrDefault(task.node().uuid(), false);
    }

    @Override
    public void setSecureBoot(NodeTask task, boolean enabled) {
      secure.put(task.node().uuid(), enabled);
    }

    @Override
    public void injectNmi(NodeTask task) {}

    @Override
    public Map<String, Map<String, Map<String, Object>>> supportedIndicators(
        NodeTask task, @Nullable String component) {
      Map<String, Object> lamp = Map.of("readonly", false, "states", List.of("on", "off"));
      return Map.of("system", Map.of("led", lamp));
    }

    @Override
    public void setIndicator(NodeTask task, String component, String indicator, String state) {}

    @Override
    public String indicator(NodeTask task, String component, String indicator) {
      return "off";
    }

    @Override
    public List<Map<String, @Nullable Object>> virtualMedia(NodeTask task) {
      String image = images.get(task.node().uuid());
      return List.of(
          Map.of(
              "media_types",
              List.of("cdrom"),
              "inserted",
              image != null,
              "image",
              image == null ? "" : image));
    }

    @Override
    public void attachVirtualMedia(NodeTask task, String deviceType, String imageUrl) {
      images.put(task.node().uuid(), imageUrl);
    }

    @Override
    public void detachVirtualMedia(NodeTask task, List<String> deviceTypes) {
      images.remove(task.node().uuid());
    }
  }

  /** Methods that answer with what they got, and a step that templates can ask for. */
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

    /** Sends back what it got. */
    @VendorPassthru(
        httpMethods = {"GET", "POST", "PUT", "PATCH", "DELETE"},
        async = false,
        description = "Send back the parameters")
    public Map<String, @Nullable Object> echo(
        NodeTask task, Map<String, @Nullable Object> parameters) {
      return parameters;
    }

    /** The same without a node. */
    @VendorPassthru(
        name = "echo_driver",
        httpMethods = {"GET", "POST", "PUT", "PATCH", "DELETE"},
        async = false,
        driverLevel = true,
        description = "Send back the parameters")
    public Map<String, @Nullable Object> echoDriver(Map<String, @Nullable Object> parameters) {
      return parameters;
    }

    /** Does nothing, but only when something asks for it. */
    @DeployStep(priority = 0, args = @StepArgument(name = "text", description = "Any text"))
    public void note(NodeTask task, Map<String, @Nullable Object> args) {}
  }
}
