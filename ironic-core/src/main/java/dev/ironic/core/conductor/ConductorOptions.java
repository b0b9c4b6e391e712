package dev.ironic.core.conductor;

import dev.ironic.driver.DriverConfig;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a conductor reads from its configuration; names, defaults and meanings are those of the
 * options of {@code ironic.conf}. A zero time span switches the thing off.
 */
@RecordBuilder
public record ConductorOptions(
    int workersPoolSize,
    int reservedWorkersPoolPercentage,
    Duration heartbeatInterval,
    Duration heartbeatTimeout,
    Duration syncPowerStateInterval,
    int syncPowerStateWorkers,
    int powerStateSyncMaxRetries,
    boolean forcePowerStateDuringSync,
    Duration powerFailureRecoveryInterval,
    Duration checkProvisionStateInterval,
    Duration checkRescueStateInterval,
    Duration checkAllocationsInterval,
    Duration cacheCleanUpInterval,
    Duration syncLocalStateInterval,
    int periodicMaxWorkers,
    int nodeLockedRetryAttempts,
    Duration nodeLockedRetryInterval,
    Duration deployCallbackTimeout,
    Duration cleanCallbackTimeout,
    Duration serviceCallbackTimeout,
    Duration rescueCallbackTimeout,
    Duration inspectWaitTimeout,
    Duration softPowerOffTimeout,
    Duration stepUnreachableTimeout,
    Duration gracefulShutdownTimeout,
    Duration drainShutdownTimeout,
    boolean automatedClean,
    boolean allowProvisioningInMaintenance,
    Map<String, Integer> cleanStepPriorityOverride,
    Map<String, Integer> verifyStepPriorityOverride,
    Map<String, Integer> deployGroupPriorityOverride,
    int maxConcurrentDeploy,
    int maxConcurrentClean,
    boolean poweroffInCleanfail,
    boolean poweroffInServicefail,
    boolean powerOffAfterDeployFailure,
    boolean automaticLessee,
    String automaticLesseeSource,
    List<String> disallowedDeploymentBootModes,
    boolean nodeHistory,
    int nodeHistoryMaxEntries,
    Duration nodeHistoryCleanupInterval,
    int nodeHistoryCleanupBatchCount,
    int nodeHistoryMinimumDays,
    Duration conductorCleanupInterval,
    Duration conductorCleanupTimeout,
    int conductorCleanupBatchSize,
    boolean recordStepFlowsInHistory,
    int maxTextLength,
    boolean requireTls,
    Path certificatesPath,
    List<String> disallowDeploySteps,
    List<String> disallowCleanSteps,
    List<String> disallowServiceSteps,
    boolean fastTrack,
    String rescuePasswordHashAlgorithm,
    String conductorGroup)
    implements ConductorOptionsBuilder.With {

  private static final String GROUP = "conductor";
  private static final List<String> SEND_RAW = List.of("vendor.send_raw");

  /** Reads the options. */
  public static ConductorOptions from(DriverConfig config) {
    return ConductorOptionsBuilder.builder()
        .workersPoolSize(config.integer(GROUP, "workers_pool_size", 300))
        .reservedWorkersPoolPercentage(config.integer(GROUP, "reserved_workers_pool_percentage", 5))
        .heartbeatInterval(seconds(config, "heartbeat_interval", 10))
        .heartbeatTimeout(seconds(config, "heartbeat_timeout", 60))
        .syncPowerStateInterval(seconds(config, "sync_power_state_interval", 120))
        .syncPowerStateWorkers(config.integer(GROUP, "sync_power_state_workers", 8))
        .powerStateSyncMaxRetries(config.integer(GROUP, "power_state_sync_max_retries", 3))
        .forcePowerStateDuringSync(config.flag(GROUP, "force_power_state_during_sync", true))
        .powerFailureRecoveryInterval(seconds(config, "power_failure_recovery_interval", 300))
        .checkProvisionStateInterval(seconds(config, "check_provision_state_interval", 60))
        .checkRescueStateInterval(seconds(config, "check_rescue_state_interval", 60))
        .checkAllocationsInterval(seconds(config, "check_allocations_interval", 60))
        .cacheCleanUpInterval(seconds(config, "cache_clean_up_interval", 3600))
        .syncLocalStateInterval(seconds(config, "sync_local_state_interval", 180))
        .periodicMaxWorkers(config.integer(GROUP, "periodic_max_workers", 8))
        .nodeLockedRetryAttempts(config.integer(GROUP, "node_locked_retry_attempts", 3))
        .nodeLockedRetryInterval(seconds(config, "node_locked_retry_interval", 1))
        .deployCallbackTimeout(seconds(config, "deploy_callback_timeout", 1800))
        .cleanCallbackTimeout(seconds(config, "clean_callback_timeout", 1800))
        .serviceCallbackTimeout(seconds(config, "service_callback_timeout", 1800))
        .rescueCallbackTimeout(seconds(config, "rescue_callback_timeout", 1800))
        .inspectWaitTimeout(seconds(config, "inspect_wait_timeout", 1800))
        .softPowerOffTimeout(seconds(config, "soft_power_off_timeout", 600))
        .stepUnreachableTimeout(seconds(config, "step_unreachable_timeout", 180))
        .gracefulShutdownTimeout(seconds(config, "graceful_shutdown_timeout", 60))
        .drainShutdownTimeout(
            config.seconds("DEFAULT", "drain_shutdown_timeout", Duration.ofMinutes(30)))
        .automatedClean(config.flag(GROUP, "automated_clean", true))
        .allowProvisioningInMaintenance(
            config.flag(GROUP, "allow_provisioning_in_maintenance", true))
        .cleanStepPriorityOverride(priorities(config, "clean_step_priority_override"))
        .verifyStepPriorityOverride(priorities(config, "verify_step_priority_override"))
        .deployGroupPriorityOverride(deployGroupPriorities(config))
        .maxConcurrentDeploy(config.integer(GROUP, "max_concurrent_deploy", 250))
        .maxConcurrentClean(config.integer(GROUP, "max_concurrent_clean", 50))
        .poweroffInCleanfail(config.flag(GROUP, "poweroff_in_cleanfail", false))
        .poweroffInServicefail(config.flag(GROUP, "poweroff_in_servicefail", false))
        .powerOffAfterDeployFailure(config.flag("deploy", "power_off_after_deploy_failure", true))
        .automaticLessee(config.flag(GROUP, "automatic_lessee", true))
        .automaticLesseeSource(config.text(GROUP, "automatic_lessee_source").orElse("instance"))
        .disallowedDeploymentBootModes(
            config.list(GROUP, "disallowed_deployment_boot_modes", List.of()))
        .nodeHistory(config.flag(GROUP, "node_history", true))
        .nodeHistoryMaxEntries(config.integer(GROUP, "node_history_max_entries", 300))
        .nodeHistoryCleanupInterval(seconds(config, "node_history_cleanup_interval", 86400))
        .nodeHistoryCleanupBatchCount(
            config.integer(GROUP, "node_history_cleanup_batch_count", 1000))
        .nodeHistoryMinimumDays(config.integer(GROUP, "node_history_minimum_days", 0))
        .conductorCleanupInterval(seconds(config, "conductor_cleanup_interval", 86400))
        .conductorCleanupTimeout(seconds(config, "conductor_cleanup_timeout", 1209600))
        .conductorCleanupBatchSize(config.integer(GROUP, "conductor_cleanup_batch_size", 50))
        .recordStepFlowsInHistory(config.flag(GROUP, "record_step_flows_in_history", true))
        .maxTextLength(config.integer("DEFAULT", "log_in_db_max_size", 4096))
        .requireTls(config.flag("agent", "require_tls", true))
        .certificatesPath(certificatesPath(config))
        .disallowDeploySteps(config.list("api", "disallow_deploy_steps", SEND_RAW))
        .disallowCleanSteps(config.list("api", "disallow_clean_steps", SEND_RAW))
        .disallowServiceSteps(config.list("api", "disallow_service_steps", SEND_RAW))
        .fastTrack(config.flag("deploy", "fast_track", false))
        .rescuePasswordHashAlgorithm(
            config.text(GROUP, "rescue_password_hash_algorithm").orElse("sha256"))
        .conductorGroup(config.text(GROUP, "conductor_group").orElse("").toLowerCase(Locale.ROOT))
        .build();
  }

  private static Duration seconds(DriverConfig config, String option, int otherwise) {
    return config.seconds(GROUP, option, Duration.ofSeconds(otherwise));
  }

  /** Entries look like {@code deploy.erase_devices:20}. */
  private static Map<String, Integer> priorities(DriverConfig config, String option) {
    var priorities = new LinkedHashMap<String, Integer>();
    for (String entry : config.list(GROUP, option, List.of())) {
      int colon = entry.lastIndexOf(':');
      try {
        priorities.put(
            entry.substring(0, colon).strip(),
            Integer.parseInt(entry.substring(colon + 1).strip()));
      } catch (IndexOutOfBoundsException | NumberFormatException e) {
        throw new IllegalArgumentException(
            "[conductor] %s has the entry '%s'; write interface.step:priority"
                .formatted(option, entry),
            e);
      }
    }
    return Map.copyOf(priorities);
  }

  private static Map<String, Integer> deployGroupPriorities(DriverConfig config) {
    var priorities = new LinkedHashMap<String, Integer>();
    put(priorities, config, "erase_devices_priority", "deploy.erase_devices");
    put(priorities, config, "erase_devices_metadata_priority", "deploy.erase_devices_metadata");
    put(priorities, config, "delete_configuration_priority", "raid.delete_configuration");
    put(priorities, config, "create_configuration_priority", "raid.create_configuration");
    return Map.copyOf(priorities);
  }

  private static void put(
      Map<String, Integer> priorities, DriverConfig config, String option, String step) {
    if (config.text("deploy", option).filter(text -> !text.isBlank()).isPresent()) {
      priorities.put(step, config.integer("deploy", option, 0));
    }
  }

  private static Path certificatesPath(DriverConfig config) {
    return config
        .text("agent", "certificates_path")
        .filter(text -> !text.isBlank())
        .map(Path::of)
        .orElseGet(
            () ->
                Path.of(config.text("DEFAULT", "state_path").orElse(".")).resolve("certificates"));
  }
}
