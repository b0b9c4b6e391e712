package dev.ironic.driver.redfish;

import dev.ironic.driver.BootDevice;
import dev.ironic.driver.BootMode;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Boot overrides, with what vendors make of them. Where a BMC refuses a lasting override, it is set
 * for one boot and remembered, so that each power on repeats it. Thread-safe.
 */
final class BootDevices {

  private static final String REMEMBERED = "redfish_boot_device";
  private static final String HTTP_BOOT_URL = "redfish_uefi_http_url";
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Map<BootDevice, String> TARGETS =
      Map.of(
          BootDevice.PXE, "Pxe",
          BootDevice.DISK, "Hdd",
          BootDevice.CDROM, "Cd",
          BootDevice.BIOS, "BiosSetup",
          BootDevice.UEFIHTTP, "UefiHttp");

  /** Makers whose machines forget the mode unless target, mode and duration come together. */
  private static final List<String> ALL_AT_ONCE =
      List.of("american megatrends international", "ami", "asrockrack", "redfish_compatible");

  private final RedfishOptions options;

  BootDevices(RedfishOptions options) {
    this.options = options;
  }

  static List<BootDevice> supported() {
    return TARGETS.keySet().stream().sorted().toList();
  }

  /** The override in force. */
  static BootDevice.Selection read(RedfishResource system) {
    RedfishResource boot = system.part("Boot");
    String target = boot.text("BootSourceOverrideTarget").orElse("None");
    BootDevice device =
        TARGETS.entrySet().stream()
            .filter(entry -> entry.getValue().equals(target))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse(target.equals("UsbCd") ? BootDevice.CDROM : null);
    Boolean persistent =
        boot.text("BootSourceOverrideEnabled").map("Continuous"::equals).orElse(null);
    return new BootDevice.Selection(device, persistent);
  }

  /** Sets an override. */
  void set(NodeTask task, RedfishBmc bmc, BootDevice device, boolean persistent) {
    String target = TARGETS.get(device);
    if (target == null) {
      throw DriverException.invalid(
          "Invalid boot device %s specified; Redfish supports %s"
              .formatted(
                  device.wireName(), supported().stream().map(BootDevice::wireName).toList()));
    }
    if (task.node().provisionStateName().equals("adopting")) {
      return;
    }
    forget(task);
    String force =
        task.node()
            .driverInfoText("force_persistent_boot_device")
            .orElse("Default")
            .toLowerCase(Locale.ROOT);
    boolean lasting =
        switch (force) {
          case "always", "true" -> true;
          case "never", "false" -> false;
          case "default" -> persistent;
          default ->
              throw DriverException.invalid(
                  "force_persistent_boot_device '%s' must be Always, Never or Default"
                      .formatted(force));
        };
    @Nullable String httpUrl = null;
    if (device == BootDevice.UEFIHTTP) {
      httpUrl = task.node().internalText(HTTP_BOOT_URL).orElse(null);
      task.update(node -> node.removeInternal(HTTP_BOOT_URL));
    }
    RedfishReply reply = apply(task, bmc, target, lasting, httpUrl);
    if (!reply.ok() && lasting && reply.status() < 500) {
      reply = apply(task, bmc, target, false, httpUrl);
      if (reply.ok()) {
        task.update(node -> node.internal(REMEMBERED, device.wireName()));
      }
    }
    reply.orFail("setting the boot device " + device.wireName());
  }

  /** Repeats an override that the BMC could not keep; called before power comes on. */
  void restore(NodeTask task, RedfishBmc bmc) {
    Optional<String> target =
        task.node()
            .internalText(REMEMBERED)
            .flatMap(BootDevice::ofWireName)
            .flatMap(device -> Optional.ofNullable(TARGETS.get(device)));
    if (target.isPresent()) {
      apply(task, bmc, target.get(), false, null)
          .orFail("setting the boot device once more before power on");
    }
  }

  private static void forget(NodeTask task) {
    if (task.node().internalText(REMEMBERED).isPresent()) {
      task.update(node -> node.removeInternal(REMEMBERED));
    }
  }

  private RedfishReply apply(
      NodeTask task, RedfishBmc bmc, String target, boolean lasting, @Nullable String httpUrl) {
    Duration pause = options.postBootRetryDelay();
    for (int attempt = 1; ; attempt++) {
      RedfishResource system = bmc.system();
      RedfishReply reply =
          bmc.client().patch(system, Map.of("Boot", body(bmc, system, target, lasting, httpUrl)));
      if (reply.ok()
          || attempt >= options.postBootRetryAttempts()
          || !reply.mentions("UnableToModifyDuringSystemPOST")) {
        return reply;
      }
      task.sleep(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
              ? LONGEST_PAUSE
              : pause.multipliedBy(2);
    }
  }

  private static Map<String, Object> body(
      RedfishBmc bmc,
      RedfishResource system,
      String target,
      boolean lasting,
      @Nullable String httpUrl) {
    RedfishResource boot = system.part("Boot");
    String enabled = lasting ? "Continuous" : "Once";
    String vendor = bmc.vendor(system);
    boolean supermicro = vendor.contains("supermicro");
    boolean together = ALL_AT_ONCE.stream().anyMatch(vendor::contains);
    var body = new LinkedHashMap<String, Object>();
    body.put("BootSourceOverrideTarget", usbVariant(boot, target, supermicro));
    if (together) {
      body.put("BootSourceOverrideMode", boot.text("BootSourceOverrideMode").orElse("UEFI"));
    }
    if (supermicro
        || together
        || !boot.text("BootSourceOverrideEnabled").orElse("").equals(enabled)) {
      body.put("BootSourceOverrideEnabled", enabled);
    }
    if (httpUrl != null) {
      body.put("HttpBootUri", httpUrl);
    }
    return body;
  }

  private static String usbVariant(RedfishResource boot, String target, boolean supermicro) {
    boolean usb =
        supermicro
            && target.equals("Cd")
            && boot.texts("BootSourceOverrideTarget@Redfish.AllowableValues").contains("UsbCd");
    return usb ? "UsbCd" : target;
  }

  /** The boot mode in force, or null where the BMC does not tell. */
  static @Nullable BootMode mode(RedfishResource system) {
    return switch (system.part("Boot").text("BootSourceOverrideMode").orElse("")) {
      case "UEFI" -> BootMode.UEFI;
      case "Legacy" -> BootMode.BIOS;
      default -> null;
    };
  }
}
