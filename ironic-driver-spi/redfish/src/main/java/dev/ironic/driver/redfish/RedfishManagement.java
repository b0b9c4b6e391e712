package dev.ironic.driver.redfish;

import dev.ironic.driver.BootDevice;
import dev.ironic.driver.BootMode;
import dev.ironic.driver.CleanStep;
import dev.ironic.driver.DeployStep;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.ManagementInterface;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.StepArgument;
import dev.ironic.driver.VerifyStep;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Boot device and mode, secure boot, sensors, lamps and virtual media by Redfish. Thread-safe. */
public final class RedfishManagement implements ManagementInterface {

  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(1);

  private final BmcConnections connections;
  private final BootDevices bootDevices;
  private final FirmwareModes modes;
  private final Clock clock;

  RedfishManagement(DriverContext context, BmcConnections connections) {
    this.connections = connections;
    this.bootDevices = new BootDevices(connections.options());
    this.modes = new FirmwareModes(connections.options(), context.clock());
    this.clock = context.clock();
  }

  @Override
  public Map<String, String> properties() {
    return RedfishDriverInfo.PROPERTIES;
  }

  @Override
  public void validate(NodeTask task) {
    RedfishDriverInfo.parse(task.node().driverInfo(), connections.options());
  }

  @Override
  public void close() {
    connections.close();
  }

  @Override
  public Set<BootDevice> supportedBootDevices(NodeTask task) {
    return EnumSet.copyOf(BootDevices.supported());
  }

  @Override
  public void setBootDevice(NodeTask task, BootDevice device, boolean persistent) {
    RedfishBmc bmc = bmc(task);
    bootDevices.set(task, bmc, device, persistent);
    if (bmc.vendor(bmc.system()).contains("supermicro")) {
      modes.synchroniseMode(task, bmc);
    }
  }

  @Override
  public BootDevice.Selection bootDevice(NodeTask task) {
    return BootDevices.read(bmc(task).system());
  }

  @Override
  public Set<BootMode> supportedBootModes(NodeTask task) {
    return EnumSet.allOf(BootMode.class);
  }

  @Override
  public void setBootMode(NodeTask task, BootMode mode) {
    modes.setMode(task, bmc(task), mode);
  }

  @Override
  public @Nullable BootMode bootMode(NodeTask task) {
    return BootDevices.mode(bmc(task).system());
  }

  @Override
  public @Nullable Boolean secureBoot(NodeTask task) {
    return modes.secureBoot(bmc(task));
  }

  @Override
  public void setSecureBoot(NodeTask task, boolean enabled) {
    modes.setSecureBoot(task, bmc(task), enabled);
  }

  /** Removes all keys of secure boot. */
  @CleanStep(priority = 0)
  @DeployStep(priority = 0)
  public void clearSecureBootKeys(NodeTask task) {
    modes.resetKeys(bmc(task), "DeleteAllKeys");
  }

  /** Sets the keys of secure boot back as they came from the factory. */
  @CleanStep(priority = 0)
  @DeployStep(priority = 0)
  public void resetSecureBootKeysToDefault(NodeTask task) {
    modes.resetKeys(bmc(task), "ResetAllKeysToDefault");
  }

  @Override
  public @Nullable String health(NodeTask task) {
    RedfishResource status = bmc(task).system().part("Status");
    return status.text("HealthRollup").or(() -> status.text("Health")).orElse(null);
  }

  @Override
  public Map<String, Map<String, Map<String, Object>>> sensors(NodeTask task) {
    return Sensors.read(bmc(task));
  }

  @Override
  public void injectNmi(NodeTask task) {
    RedfishBmc bmc = bmc(task);
    String target =
        bmc.system()
            .action("ComputerSystem.Reset")
            .orElseThrow(
                () ->
                    DriverException.unsupported(
                        "The BMC at %s cannot inject an NMI".formatted(bmc.client().address())));
    bmc.client().post(target, Map.of("ResetType", "Nmi")).orFail("injecting an NMI");
  }

  @Override
  public Map<String, Map<String, Map<String, Object>>> supportedIndicators(
      NodeTask task, @Nullable String component) {
    return new Indicators(bmc(task)).supported(component);
  }

  @Override
  public void setIndicator(NodeTask task, String component, String indicator, String state) {
    new Indicators(bmc(task)).set(component, indicator, state);
  }

  @Override
  public String indicator(NodeTask task, String component, String indicator) {
    return new Indicators(bmc(task)).read(component, indicator);
  }

  @Override
  public String detectVendor(NodeTask task) {
    RedfishBmc bmc = bmc(task);
    RedfishResource system = bmc.system();
    return bmc.client().root().text("Vendor").or(() -> system.text("Manufacturer")).orElse("");
  }

  @Override
  public List<String> macAddresses(NodeTask task) {
    RedfishBmc bmc = bmc(task);
    return bmc.system().link("EthernetInterfaces").stream()
        .flatMap(folder -> bmc.client().get(folder).links("Members").stream())
        .map(bmc.client()::get)
        .filter(
            card ->
                card.part("Status").text("Health").orElse("").equals("OK")
                    && card.part("Status").text("State").orElse("").equals("Enabled"))
        .flatMap(card -> card.text("MACAddress").stream())
        .toList();
  }

  @Override
  public List<Map<String, @Nullable Object>> virtualMedia(NodeTask task) {
    return VirtualDevices.list(bmc(task));
  }

  @Override
  public void attachVirtualMedia(NodeTask task, String deviceType, String imageUrl) {
    known(deviceType);
    VirtualDevices.insert(task, bmc(task), deviceType, imageUrl);
  }

  @Override
  public void detachVirtualMedia(NodeTask task, List<String> deviceTypes) {
    deviceTypes.forEach(RedfishManagement::known);
    VirtualDevices.eject(bmc(task), deviceTypes);
  }

  /** Sets the BMC's clock right where the operator wants that. */
  @VerifyStep(priority = 1)
  public void verifyBmcClock(NodeTask task) {
    if (!connections.options().verifyBmcClock()) {
      return;
    }
    RedfishBmc bmc = bmc(task);
    RedfishResource manager = bmc.manager(bmc.system());
    Instant now = clock.instant();
    Instant told = manager.text("DateTime").map(RedfishManagement::instant).orElse(Instant.EPOCH);
    if (Duration.between(told, now).abs().compareTo(CLOCK_TOLERANCE) > 0) {
      setClock(bmc, manager, OffsetDateTime.ofInstant(now, ZoneOffset.UTC), "+00:00");
    }
  }

  /** Sets the BMC's clock. */
  @CleanStep(
      priority = 0,
      args = {
        @StepArgument(
            name = "target_datetime",
            description = "The time in ISO 8601 form; by default that of the conductor"),
        @StepArgument(
            name = "datetime_local_offset",
            description = "The BMC's offset from UTC, such as +02:00; by default +00:00")
      })
  public void setBmcClock(NodeTask task, Map<String, @Nullable Object> args) {
    RedfishBmc bmc = bmc(task);
    Object given = args.get("target_datetime");
    Object offset = args.get("datetime_local_offset");
    Instant time = given == null ? clock.instant() : instant(given.toString());
    setClock(
        bmc,
        bmc.manager(bmc.system()),
        OffsetDateTime.ofInstant(time, ZoneOffset.UTC),
        offset == null ? "+00:00" : offset.toString());
  }

  private static void setClock(
      RedfishBmc bmc, RedfishResource manager, OffsetDateTime time, String offset) {
    var body = new LinkedHashMap<String, Object>();
    body.put("DateTime", time.truncatedTo(ChronoUnit.SECONDS).toString());
    body.put("DateTimeLocalOffset", offset);
    bmc.client().patch(manager, body).orFail("setting the clock");
  }

  private static Instant instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw DriverException.invalid("'%s' is no time in ISO 8601 form with offset".formatted(text));
    }
  }

  private static void known(String deviceType) {
    if (!VirtualDevices.deviceTypes().contains(deviceType)) {
      throw DriverException.invalid(
          "Virtual device type '%s' must be one of cdrom, disk, floppy".formatted(deviceType));
    }
  }

  private RedfishBmc bmc(NodeTask task) {
    return connections.of(task);
  }
}
