package dev.ironic.core.api;

import dev.ironic.driver.DriverConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the deployment agent is told of the configuration when it looks its node up. Immutable. */
public final class AgentSettings {

  private final Map<String, @Nullable Object> settings;

  private AgentSettings(Map<String, @Nullable Object> settings) {
    this.settings = settings;
  }

  /** Reads the options. */
  public static AgentSettings from(DriverConfig config) {
    var metrics = new LinkedHashMap<String, @Nullable Object>();
    metrics.put("backend", config.text("metrics", "agent_backend").orElse("noop"));
    metrics.put("prepend_host", config.flag("metrics", "agent_prepend_host", false));
    metrics.put("prepend_uuid", config.flag("metrics", "agent_prepend_uuid", false));
    metrics.put("prepend_host_reverse", config.flag("metrics", "agent_prepend_host_reverse", true));
    metrics.put("global_prefix", config.text("metrics", "agent_global_prefix").orElse(null));
    var statsd = new LinkedHashMap<String, @Nullable Object>();
    statsd.put(
        "statsd_host", config.text("metrics_statsd", "agent_statsd_host").orElse("localhost"));
    statsd.put("statsd_port", config.integer("metrics_statsd", "agent_statsd_port", 8125));
    var containers = new LinkedHashMap<String, @Nullable Object>();
    containers.put(
        "allow_arbitrary_containers",
        config.flag("agent_containers", "allow_arbitrary_containers", false));
    containers.put(
        "allowed_containers", config.list("agent_containers", "allowed_containers", List.of()));
    containers.put(
        "container_steps_file",
        config
            .text("agent_containers", "container_steps_file")
            .orElse("/etc/ironic-python-agent.d/mysteps.yaml"));
    containers.put("runner", config.text("agent_containers", "runner").orElse("podman"));
    containers.put("pull_options", config.list("agent_containers", "pull_options", List.of()));
    containers.put(
        "run_options",
        config.list("agent_containers", "run_options", List.of("--rm", "--network=host")));

    var settings = new LinkedHashMap<String, @Nullable Object>();
    settings.put("metrics", metrics);
    settings.put("metrics_statsd", statsd);
    settings.put("heartbeat_timeout", config.integer("api", "ramdisk_heartbeat_timeout", 300));
    settings.put("agent_containers", containers);
    settings.put("agent_token_required", true);
    settings.put("agent_md5_checksum_enable", config.flag("agent", "allow_md5_checksum", true));
    settings.put(
        "disable_deep_image_inspection",
        config.flag("conductor", "disable_deep_image_inspection", false));
    settings.put(
        "permitted_image_formats",
        config.list("conductor", "permitted_image_formats", List.of("raw", "gpt", "qcow2", "iso")));
    settings.put(
        "enable_bios_bootloader_install",
        config.flag("agent", "enable_bios_bootloader_install", false));
    settings.put("tls_min_version", config.text("agent", "tls_minimum_version").orElse("1.3"));
    settings.put("tls_cipher_suites", config.text("agent", "tls_ciphers").orElse(null));
    return new AgentSettings(settings);
  }

  /**
   * The document for one agent.
   *
   * @param token the token in clear, or its mask; null for none
   * @param skipBmcDetection whether the agent need not look for the BMC's address
   */
  Map<String, @Nullable Object> forAgent(@Nullable String token, boolean skipBmcDetection) {
    var document = new LinkedHashMap<>(settings);
    document.put("agent_token", token);
    document.put("agent_skip_bmc_detect", skipBmcDetection);
    return document;
  }
}
