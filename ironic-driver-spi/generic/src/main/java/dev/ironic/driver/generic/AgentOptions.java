package dev.ironic.driver.generic;

import dev.ironic.driver.DriverConfig;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.NodeInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The options that matter for deployments by the agent.
 *
 * @param commandTimeout how long one call may take
 * @param maxCommandAttempts how often a call is tried while there is no connection
 * @param commandWaitAttempts how often a command that is waited for is looked at
 * @param commandWaitInterval the pause between
 * @param powerOffRetries how often power is read after the agent was told to power off
 * @param powerOffInterval the pause between
 * @param streamRawImages whether raw images are written as they arrive
 * @param verifyCa {@code true}, {@code false} or a path
 * @param tlsMinimumVersion {@code 1.2} or {@code 1.3}
 * @param logsCollect {@code always}, {@code on_failure} or {@code never}
 * @param logsBackend {@code local}; anything else is refused
 * @param logsPath the folder for logs
 * @param fastTrack whether a running agent is used again
 * @param fastTrackTimeout how old its last heartbeat may be
 * @param apiUrl where agents find the API
 * @param apiUrlForVirtualMedia the same for agents booted from virtual media
 * @param erase what the agent is told about erasing disks
 * @param priorities priorities of in-band steps that the operator changed, by step name
 */
record AgentOptions(
    Duration commandTimeout,
    int maxCommandAttempts,
    int commandWaitAttempts,
    Duration commandWaitInterval,
    int powerOffRetries,
    Duration powerOffInterval,
    boolean streamRawImages,
    String verifyCa,
    String tlsMinimumVersion,
    String logsCollect,
    String logsBackend,
    String logsPath,
    boolean fastTrack,
    Duration fastTrackTimeout,
    Optional<String> apiUrl,
    Optional<String> apiUrlForVirtualMedia,
    Erase erase,
    List<PriorityOption> priorities) {

  /** How disks are erased. */
  record Erase(
      boolean ataSecureErase,
      boolean nvmeSecureErase,
      int iterations,
      boolean zeros,
      boolean continueOnFailure,
      int concurrency,
      boolean skipReadOnly) {}

  /** A priority that the operator changed. */
  record PriorityOption(String step, OptionalInt priority) {}

  static AgentOptions from(DriverConfig config) {
    Optional<String> fallback =
        text(config, "service_catalog", "endpoint_override")
            .or(() -> text(config, "api", "public_endpoint"));
    return new AgentOptions(
        config.seconds("agent", "command_timeout", Duration.ofSeconds(60)),
        config.integer("agent", "max_command_attempts", 3),
        config.integer("agent", "command_wait_attempts", 100),
        config.seconds("agent", "command_wait_interval", Duration.ofSeconds(6)),
        config.integer("agent", "post_deploy_get_power_state_retries", 6),
        config.seconds(
            "agent", "post_deploy_get_power_state_retry_interval", Duration.ofSeconds(5)),
        config.flag("agent", "stream_raw_images", true),
        text(config, "agent", "verify_ca").orElse("true"),
        choice(config, "tls_minimum_version", "1.3", List.of("1.2", "1.3")),
        choice(
            config, "deploy_logs_collect", "on_failure", List.of("always", "on_failure", "never")),
        choice(config, "deploy_logs_storage_backend", "local", List.of("local")),
        text(config, "agent", "deploy_logs_local_path").orElse("/var/log/ironic/deploy"),
        config.flag("deploy", "fast_track", false),
        config.seconds("deploy", "fast_track_timeout", Duration.ofSeconds(300)),
        fallback,
        text(config, "deploy", "external_callback_url").or(() -> fallback),
        new Erase(
            config.flag("deploy", "enable_ata_secure_erase", true),
            config.flag("deploy", "enable_nvme_secure_erase", true),
            config.integer("deploy", "shred_random_overwrite_iterations", 1),
            config.flag("deploy", "shred_final_overwrite_with_zeros", true),
            config.flag("deploy", "continue_if_disk_secure_erase_fails", false),
            config.integer("deploy", "disk_erasure_concurrency", 4),
            config.flag("deploy", "erase_skip_read_only", false)),
        List.of(
            priority(config, "erase_devices"),
            priority(config, "erase_devices_metadata"),
            priority(config, "delete_configuration"),
            priority(config, "create_configuration")));
  }

  /**
   * Where the agent of a node finds the API.
   *
   * @throws DriverException when nobody knows
   */
  String apiUrlFor(NodeInfo node) {
    boolean virtualMedia = node.interfaceName(InterfaceKind.BOOT).contains("virtual-media");
    return (virtualMedia ? apiUrlForVirtualMedia : apiUrl)
        .orElseThrow(
            () ->
                DriverException.missing(
                    "Nobody knows where agents find the API: set [service_catalog]endpoint_override"
                        + " or [api]public_endpoint"));
  }

  /** Whether a running agent of a node is to be used again. */
  boolean fastTrackWanted(NodeInfo node) {
    Object own = node.driverInfo().get("fast_track");
    return own == null ? fastTrack : isTrue(own);
  }

  static boolean isTrue(@Nullable Object value) {
    return Boolean.TRUE.equals(value)
        || (value instanceof String text && text.strip().equalsIgnoreCase("true"));
  }

  /** The priority that a step has where the agent gives it {@code offered}. */
  int priorityOf(String step, int offered) {
    return priorities.stream()
        .filter(option -> option.step().equals(step))
        .findFirst()
        .map(option -> option.priority().orElse(offered))
        .orElse(offered);
  }

  private static PriorityOption priority(DriverConfig config, String step) {
    Optional<String> text = text(config, "deploy", step + "_priority");
    return new PriorityOption(
        step,
        text.isEmpty()
            ? OptionalInt.empty()
            : OptionalInt.of(config.integer("deploy", step + "_priority", 0)));
  }

  private static Optional<String> text(DriverConfig config, String group, String option) {
    return config.text(group, option).map(String::strip).filter(value -> !value.isEmpty());
  }

  private static String choice(
      DriverConfig config, String option, String otherwise, List<String> choices) {
    String value = text(config, "agent", option).orElse(otherwise);
    if (!choices.contains(value)) {
      throw DriverException.invalid(
          "[agent]%s = %s is not supported; it must be one of %s"
              .formatted(option, value, choices));
    }
    return value;
  }
}
