package dev.ironic.driver.redfish;

import dev.ironic.driver.DriverConfig;
import dev.ironic.driver.DriverException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The options of the group {@code [redfish]} and what else of the configuration matters here.
 *
 * @param connectionAttempts how often a connection is tried
 * @param connectionRetryInterval the pause between two tries
 * @param connectTimeout how long one try may take
 * @param readTimeout how long an answer may take
 * @param connectionCacheSize how many sessions are kept; 0 for none
 * @param authType {@code auto}, {@code session} or {@code basic}
 * @param verifyCa {@code true}, {@code false} or a path; null for the default of the JVM
 * @param tlsMinimumVersion such as {@code 1.2}, or null
 * @param bootModeConfigTimeout how long a change of boot mode may take
 * @param postBootRetryAttempts how often a refusal because the machine is booting is retried
 * @param postBootRetryDelay the first pause then
 * @param powerOnConflictRetryAttempts how often a conflict at power on is retried
 * @param powerOnConflictRetryInterval the pause then
 * @param verifyBmcClock whether the BMC's clock is set right when a node is verified
 * @param kernelAppendParams what the ramdisk's kernel line gets in addition
 * @param powerStateChangeTimeout how long a change of power may take
 * @param softPowerOffTimeout how long an operating system may take to shut down
 * @param defaultBootMode {@code uefi} or {@code bios}
 * @param debug whether the agent logs in detail
 */
record RedfishOptions(
    int connectionAttempts,
    Duration connectionRetryInterval,
    Duration connectTimeout,
    Duration readTimeout,
    int connectionCacheSize,
    String authType,
    @Nullable String verifyCa,
    @Nullable String tlsMinimumVersion,
    Duration bootModeConfigTimeout,
    int postBootRetryAttempts,
    Duration postBootRetryDelay,
    int powerOnConflictRetryAttempts,
    Duration powerOnConflictRetryInterval,
    boolean verifyBmcClock,
    String kernelAppendParams,
    Duration powerStateChangeTimeout,
    Duration softPowerOffTimeout,
    String defaultBootMode,
    boolean debug) {

  private static final String GROUP = "redfish";

  static RedfishOptions from(DriverConfig config) {
    if (config.text(GROUP, "tls_ciphers").filter(text -> !text.isBlank()).isPresent()) {
      throw DriverException.invalid(
          "[redfish]tls_ciphers is not supported; use [redfish]tls_minimum_version");
    }
    return new RedfishOptions(
        atLeast(1, config.integer(GROUP, "connection_attempts", 5), "connection_attempts"),
        config.seconds(GROUP, "connection_retry_interval", Duration.ofSeconds(4)),
        config.seconds(GROUP, "connect_timeout", Duration.ofSeconds(30)),
        config.seconds(GROUP, "read_timeout", Duration.ofSeconds(60)),
        atLeast(0, config.integer(GROUP, "connection_cache_size", 1000), "connection_cache_size"),
        oneOf(
            "auth_type",
            config.text(GROUP, "auth_type").orElse("auto"),
            List.of("basic", "session", "auto")),
        config.text(GROUP, "verify_ca").filter(text -> !text.isBlank()).orElse(null),
        config.text(GROUP, "tls_minimum_version").filter(text -> !text.isBlank()).orElse(null),
        config.seconds(GROUP, "boot_mode_config_timeout", Duration.ofSeconds(900)),
        config.integer(GROUP, "post_boot_retry_attempts", 6),
        config.seconds(GROUP, "post_boot_retry_delay", Duration.ofSeconds(5)),
        config.integer(GROUP, "power_on_conflict_retry_attempts", 6),
        config.seconds(GROUP, "power_on_conflict_retry_interval", Duration.ofSeconds(10)),
        config.flag(GROUP, "enable_verify_bmc_clock", false),
        config.text(GROUP, "kernel_append_params").orElse("nofb vga=normal"),
        config.seconds("conductor", "power_state_change_timeout", Duration.ofSeconds(60)),
        config.seconds("conductor", "soft_power_off_timeout", Duration.ofSeconds(600)),
        config.text("deploy", "default_boot_mode").orElse("uefi"),
        config.flag("DEFAULT", "debug", false));
  }

  private static int atLeast(int least, int value, String option) {
    if (value < least) {
      throw DriverException.invalid(
          "[redfish]%s = %d must be at least %d".formatted(option, value, least));
    }
    return value;
  }

  private static String oneOf(String option, String value, List<String> choices) {
    String lower = value.toLowerCase(Locale.ROOT);
    if (!choices.contains(lower)) {
      throw DriverException.invalid(
          "[redfish]%s = %s must be one of %s".formatted(option, value, choices));
    }
    return lower;
  }
}
