package dev.ironic.core.image;

import dev.ironic.driver.DriverConfig;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.ImageService.Ramdisk;
import dev.ironic.driver.ImageService.RamdiskUse;
import dev.ironic.driver.NodeInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which kernel, ramdisk and boot loader a node gets: its own, those of its architecture, or those
 * of all. Kernel and ramdisk only work as a pair, so a place that names one of them alone is passed
 * over, or refused where the operator wants that. Immutable.
 */
final class RamdiskChoice {

  private static final Logger log = LoggerFactory.getLogger(RamdiskChoice.class);

  private final Map<String, Map<String, String>> configured;
  private final boolean strict;

  private RamdiskChoice(Map<String, Map<String, String>> configured, boolean strict) {
    this.configured = Map.copyOf(configured);
    this.strict = strict;
  }

  /** Reads the options. */
  static RamdiskChoice from(DriverConfig config) {
    Map<String, Map<String, String>> configured = new LinkedHashMap<>();
    for (String option :
        new String[] {"deploy_kernel", "deploy_ramdisk", "rescue_kernel", "rescue_ramdisk"}) {
      configured.put(option, byArchitecture(config, option));
    }
    Map<String, String> loaders = byArchitecture(config, "bootloader");
    config
        .text("DEFAULT", "esp_image")
        .filter(image -> !image.isEmpty())
        .ifPresent(image -> loaders.putIfAbsent("", image));
    configured.put("bootloader", loaders);
    return new RamdiskChoice(
        configured, config.flag("conductor", "error_on_ramdisk_config_inconsistency", false));
  }

  /** By architecture; the empty key is for all others. */
  private static Map<String, String> byArchitecture(DriverConfig config, String option) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : config.list("conductor", option + "_by_arch", List.of())) {
      int colon = pair.indexOf(':');
      if (colon < 1) {
        throw DriverException.invalid(
            "[conductor] " + option + "_by_arch holds '" + pair + "'; write architecture:image");
      }
      values.put(pair.substring(0, colon).strip(), pair.substring(colon + 1).strip());
    }
    config
        .text("conductor", option)
        .filter(image -> !image.isEmpty())
        .ifPresent(image -> values.putIfAbsent("", image));
    return values;
  }

  /** The ramdisk of a node. */
  Ramdisk ramdisk(NodeInfo node, RamdiskUse use) {
    String kernel = use.name().toLowerCase(Locale.ROOT) + "_kernel";
    String ramdisk = use.name().toLowerCase(Locale.ROOT) + "_ramdisk";
    String architecture = architecture(node);
    return pair(
            "driver_info of node " + node.uuid(),
            node.driverInfoText(kernel),
            node.driverInfoText(ramdisk))
        .or(() -> configured(kernel, ramdisk, architecture))
        .or(() -> configured(kernel, ramdisk, ""))
        .orElseThrow(
            () ->
                DriverException.missing(
                    "Node %s has no ramdisk to boot: set %s and %s in its driver_info, or in [conductor]"
                        .formatted(node.uuid(), kernel, ramdisk)));
  }

  private Optional<Ramdisk> configured(String kernel, String ramdisk, String architecture) {
    return pair(
        "[conductor]" + (architecture.isEmpty() ? "" : " for " + architecture),
        Optional.ofNullable(options(kernel).get(architecture)),
        Optional.ofNullable(options(ramdisk).get(architecture)));
  }

  private Optional<Ramdisk> pair(String where, Optional<String> kernel, Optional<String> ramdisk) {
    if (kernel.isPresent() != ramdisk.isPresent()) {
      String message =
          where
              + " names "
              + (kernel.isPresent() ? "a kernel without a ramdisk" : "a ramdisk without a kernel")
              + "; give both or neither";
      if (strict) {
        throw DriverException.invalid(message);
      }
      log.warn("{}; it is passed over", message);
    }
    return kernel.flatMap(k -> ramdisk.map(r -> new Ramdisk(k, r)));
  }

  /** The image of a node's boot loader. */
  String bootloader(NodeInfo node) {
    Map<String, String> loaders = options("bootloader");
    return node.driverInfoText("bootloader")
        .or(() -> Optional.ofNullable(loaders.get(architecture(node))))
        .or(() -> Optional.ofNullable(loaders.get("")))
        .orElseThrow(
            () ->
                DriverException.missing(
                    "Node %s has no bootloader to build a boot medium from: set driver_info.bootloader or [conductor] bootloader"
                        .formatted(node.uuid())));
  }

  private Map<String, String> options(String option) {
    return configured.getOrDefault(option, Map.of());
  }

  private static String architecture(NodeInfo node) {
    return String.valueOf(node.properties().get("cpu_arch"));
  }
}
