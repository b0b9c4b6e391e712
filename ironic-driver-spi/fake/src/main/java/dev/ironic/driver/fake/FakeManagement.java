package dev.ironic.driver.fake;

import dev.ironic.driver.BootDevice;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.ManagementInterface;
import dev.ironic.driver.NodeTask;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Boots from the network whatever is asked, and has two lamps. Thread-safe. */
public final class FakeManagement implements ManagementInterface {

  private static final Map<String, Map<String, Map<String, Object>>> INDICATORS =
      Map.of(
          "chassis",
          Map.of("led-0", Map.of("readonly", true, "states", List.of("off", "on"))),
          "system",
          Map.of("led", Map.of("readonly", false, "states", List.of("blinking", "off", "on"))));

  private final FakeDelay delay;

  /** Reads {@code [fake]management_delay}. */
  public FakeManagement(DriverContext context) {
    this.delay = FakeDelay.of(context, InterfaceKind.MANAGEMENT);
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void validate(NodeTask task) {}

  @Override
  public Set<BootDevice> supportedBootDevices(NodeTask task) {
    return Set.of(BootDevice.PXE);
  }

  @Override
  public void setBootDevice(NodeTask task, BootDevice device, boolean persistent) {
    if (device != BootDevice.PXE) {
      throw DriverException.invalid(
          "Invalid boot device %s specified.".formatted(device.wireName()));
    }
    delay.passAtController(task);
  }

  @Override
  public BootDevice.Selection bootDevice(NodeTask task) {
    return new BootDevice.Selection(BootDevice.PXE, false);
  }

  @Override
  public Map<String, Map<String, Map<String, Object>>> sensors(NodeTask task) {
    delay.passReading(task, "sensors");
    return Map.of();
  }

  @Override
  public Map<String, Map<String, Map<String, Object>>> supportedIndicators(
      NodeTask task, @Nullable String component) {
    if (component == null) {
      return INDICATORS;
    }
    var ofComponent = INDICATORS.get(component);
    return ofComponent == null ? Map.of() : Map.of(component, ofComponent);
  }

  @Override
  public void setIndicator(NodeTask task, String component, String indicator, String state) {
    Map<String, Object> known = known(component, indicator);
    if (Boolean.TRUE.equals(known.get("readonly"))) {
      throw DriverException.invalid("Indicator %s@%s is read-only".formatted(indicator, component));
    }
    if (!(known.get("states") instanceof List<?> states) || !states.contains(state)) {
      throw DriverException.invalid(
          "Indicator %s@%s cannot be '%s', only one of %s"
              .formatted(indicator, component, state, known.get("states")));
    }
  }

  @Override
  public String indicator(NodeTask task, String component, String indicator) {
    known(component, indicator);
    return "on";
  }

  private static Map<String, Object> known(String component, String indicator) {
    var found = INDICATORS.getOrDefault(component, Map.of()).get(indicator);
    if (found == null) {
      throw DriverException.invalid("There is no indicator %s@%s".formatted(indicator, component));
    }
    return found;
  }
}
