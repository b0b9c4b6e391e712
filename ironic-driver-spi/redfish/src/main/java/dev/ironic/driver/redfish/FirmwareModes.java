package dev.ironic.driver.redfish;

import dev.ironic.driver.BootMode;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.PowerState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Boot mode and secure boot: what a node wants, and making the machine have it. Thread-safe. */
final class FirmwareModes {

  private static final Logger LOG = LoggerFactory.getLogger(FirmwareModes.class);
  private static final Duration POLL = Duration.ofSeconds(15);

  private final RedfishOptions options;
  private final Clock clock;

  FirmwareModes(RedfishOptions options, Clock clock) {
    this.options = options;
    this.clock = clock;
  }

  /** Sets the boot mode and waits until it is in force, rebooting where that is needed. */
  void setMode(NodeTask task, RedfishBmc bmc, BootMode mode) {
    RedfishResource system = bmc.system();
    BootMode before = BootDevices.mode(system);
    if (before == mode) {
      return;
    }
    String value =
        switch (mode) {
          case UEFI -> "UEFI";
          case BIOS -> "Legacy";
        };
    RedfishReply reply =
        bmc.client().patch(system, Map.of("Boot", Map.of("BootSourceOverrideMode", value)));
    if (before == null) {
      if (!reply.ok()) {
        throw DriverException.unsupported(
            "The BMC at %s does not support setting the boot mode: %s"
                .formatted(bmc.client().address(), reply.explanation()));
      }
      return;
    }
    reply.orFail("setting the boot mode " + mode.wireName());
    awaitEffect(
        task, "the boot mode " + mode.wireName(), () -> BootDevices.mode(bmc.system()) == mode);
  }

  /** Whether secure boot is on; null where the licence does not let us know. */
  @Nullable Boolean secureBoot(RedfishBmc bmc) {
    return secureBootOf(bmc, secureBootResource(bmc));
  }

  /** Switches secure boot and waits until it is in force. */
  void setSecureBoot(NodeTask task, RedfishBmc bmc, boolean enabled) {
    if (enabled && BootDevices.mode(bmc.system()) == BootMode.BIOS) {
      throw DriverException.failed("Secure boot needs the boot mode uefi, but it is bios", null);
    }
    RedfishResource resource = secureBootResource(bmc);
    if (resource.flag("SecureBootEnable").equals(Optional.of(enabled))) {
      return;
    }
    bmc.client()
        .patch(resource, Map.of("SecureBootEnable", enabled))
        .orFail("setting secure boot to " + enabled);
    awaitEffect(
        task,
        "secure boot " + (enabled ? "on" : "off"),
        () -> Boolean.valueOf(enabled).equals(secureBoot(bmc)));
  }

  /** Resets the keys of secure boot. */
  void resetKeys(RedfishBmc bmc, String type) {
    RedfishResource resource = secureBootResource(bmc);
    String target =
        resource
            .action("SecureBoot.ResetKeys")
            .orElseThrow(
                () ->
                    DriverException.unsupported(
                        "The BMC at %s cannot reset the keys of secure boot"
                            .formatted(bmc.client().address())));
    bmc.client()
        .post(target, Map.of("ResetKeysType", type))
        .orFail("resetting the keys of secure boot");
  }

  private static RedfishResource secureBootResource(RedfishBmc bmc) {
    RedfishResource system = bmc.system();
    return bmc.client()
        .get(
            system
                .link("SecureBoot")
                .orElseThrow(
                    () ->
                        DriverException.unsupported(
                            "The BMC at %s does not support secure boot"
                                .formatted(bmc.client().address()))));
  }

  private static @Nullable Boolean secureBootOf(RedfishBmc bmc, RedfishResource resource) {
    if (resource.document().toString().contains("OemLicenseNotPassed")) {
      return null;
    }
    return resource
        .flag("SecureBootEnable")
        .orElseThrow(
            () ->
                DriverException.unsupported(
                    "The BMC at %s does not tell whether secure boot is on"
                        .formatted(bmc.client().address())));
  }

  /** Reboots until a setting shows, then puts power back as it was. */
  private void awaitEffect(NodeTask task, String what, BooleanSupplier effective) {
    if (effective.getAsBoolean()) {
      return;
    }
    boolean wasOff = task.power().powerState(task) == PowerState.POWER_OFF;
    task.powerAction(PowerState.REBOOT);
    Instant deadline = clock.instant().plus(options.bootModeConfigTimeout());
    while (!effective.getAsBoolean()) {
      if (!clock.instant().isBefore(deadline)) {
        throw DriverException.failed(
            "The machine did not take over %s within %d s"
                .formatted(what, options.bootModeConfigTimeout().toSeconds()),
            null);
      }
      task.sleep(POLL);
    }
    if (wasOff) {
      task.powerAction(PowerState.POWER_OFF);
    }
  }

  /** Makes the machine's boot mode the one that the node's deployment needs. */
  void synchroniseMode(NodeTask task, RedfishBmc bmc) {
    BootMode current = BootDevices.mode(bmc.system());
    BootMode wanted = BootMode.wantedBy(task.node()).orElse(null);
    if (wanted == null) {
      BootMode chosen =
          current != null
              ? current
              : BootMode.ofWireName(options.defaultBootMode()).orElse(BootMode.UEFI);
      task.update(node -> node.internal("deploy_boot_mode", chosen.wireName()));
      wanted = chosen;
    }
    if (current == wanted) {
      return;
    }
    try {
      setMode(task, bmc, wanted);
    } catch (DriverException e) {
      if (e.kind() != DriverException.Kind.UNSUPPORTED) {
        throw e;
      }
      LOG.warn("Leaving the boot mode as it is: {}", e.getMessage());
    }
  }
}
