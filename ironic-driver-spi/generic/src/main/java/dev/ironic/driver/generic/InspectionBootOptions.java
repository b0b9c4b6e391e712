package dev.ironic.driver.generic;

import dev.ironic.driver.DriverConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options that matter for inspections by the agent.
 *
 * @param preCreatePorts whether ports are made of what the controller knows, before anything boots
 * @param requireManagedBoot whether machines that can't be booted by us are refused
 * @param powerOff whether machines are switched off in the end
 * @param forceDhcp whether the ramdisk ignores static network settings
 * @param extraKernelParams what the operator adds to the kernel line
 */
record InspectionBootOptions(
    boolean preCreatePorts,
    boolean requireManagedBoot,
    boolean powerOff,
    boolean forceDhcp,
    Map<String, @Nullable String> extraKernelParams) {

  private static final String GROUP = "inspector";

  static InspectionBootOptions from(DriverConfig config) {
    return new InspectionBootOptions(
        config.flag(GROUP, "pre_create_ports", true),
        config.flag(GROUP, "require_managed_boot", true),
        config.flag(GROUP, "power_off", true),
        config.flag(GROUP, "force_dhcp", false),
        kernelParams(config.text(GROUP, "extra_kernel_params").orElse("")));
  }

  private static Map<String, @Nullable String> kernelParams(String line) {
    var params = new LinkedHashMap<String, @Nullable String>();
    for (String word : line.strip().split("\\s+", -1)) {
      if (!word.isEmpty()) {
        int equals = word.indexOf('=');
        if (equals < 0) {
          params.put(word, null);
        } else {
          params.put(word.substring(0, equals), word.substring(equals + 1));
        }
      }
    }
    return params;
  }
}
