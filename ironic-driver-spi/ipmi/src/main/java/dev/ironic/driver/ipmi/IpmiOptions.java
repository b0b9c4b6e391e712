package dev.ironic.driver.ipmi;

import dev.ironic.driver.BootMode;
import dev.ironic.driver.DriverConfig;
import dev.ironic.driver.DriverException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The options of the group {@code [ipmi]} and what else of the configuration matters here.
 *
 * @param commandRetryTimeout how long a command is tried again
 * @param minCommandInterval the least time between two commands to one BMC
 * @param useIpmitoolRetries whether the program itself tries again
 * @param killOnTimeout whether a program that hangs is killed
 * @param disableBootTimeout whether BMCs are kept from forgetting the boot device after a minute
 * @param retryableErrors texts of errors that are tried again, besides the known ones
 * @param debug whether the program tells more
 * @param credentialsInEnvironment whether the password is given by environment, not by file
 * @param cipherSuites cipher suites to try, the last one first
 * @param temporaryFolder where password files are made; empty for the JVM's
 * @param powerStateChangeTimeout how long a change of power may take
 * @param softPowerOffTimeout how long an operating system may take to shut down
 * @param defaultBootMode the mode of machines of which nobody says one
 */
record IpmiOptions(
    Duration commandRetryTimeout,
    Duration minCommandInterval,
    boolean useIpmitoolRetries,
    boolean killOnTimeout,
    boolean disableBootTimeout,
    List<String> retryableErrors,
    boolean debug,
    boolean credentialsInEnvironment,
    List<String> cipherSuites,
    Optional<Path> temporaryFolder,
    Duration powerStateChangeTimeout,
    Duration softPowerOffTimeout,
    BootMode defaultBootMode) {

  private static final String GROUP = "ipmi";

  static IpmiOptions from(DriverConfig config) {
    return new IpmiOptions(
        atLeastOne(config, "command_retry_timeout", 60),
        atLeastOne(config, "min_command_interval", 5),
        config.flag(GROUP, "use_ipmitool_retries", false),
        config.flag(GROUP, "kill_on_timeout", true),
        config.flag(GROUP, "disable_boot_timeout", true),
        config.values(GROUP, "additional_retryable_ipmi_errors").stream()
            .filter(text -> !text.isBlank())
            .toList(),
        config.flag(GROUP, "debug", false),
        config.flag(GROUP, "store_cred_in_env", false),
        config.list(GROUP, "cipher_suite_versions", List.of()).stream()
            .filter(text -> !text.isBlank())
            .toList(),
        config.text("DEFAULT", "tempdir").filter(text -> !text.isBlank()).map(Path::of),
        config.seconds("conductor", "power_state_change_timeout", Duration.ofSeconds(60)),
        config.seconds("conductor", "soft_power_off_timeout", Duration.ofSeconds(600)),
        config
            .text("deploy", "default_boot_mode")
            .flatMap(BootMode::ofWireName)
            .orElse(BootMode.UEFI));
  }

  private static Duration atLeastOne(DriverConfig config, String option, int otherwise) {
    int value = config.integer(GROUP, option, otherwise);
    if (value < 1) {
      throw DriverException.invalid("[ipmi]%s = %d must be at least 1".formatted(option, value));
    }
    return Duration.ofSeconds(value);
  }

  /** How often a command is tried at most. */
  int attempts() {
    return (int) Math.max(commandRetryTimeout.dividedBy(minCommandInterval), 1);
  }
}
