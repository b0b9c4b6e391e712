package dev.ironic.chaos.process;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** The texts of {@code ironic.conf}, for services that are to be impatient. */
final class ConfigurationFile {

  private ConfigurationFile() {}

  /**
   * What all services share.
   *
   * @param state folder for its files
   * @param database value of {@code [database] connection}
   */
  static String common(String host, Path state, String database, Duration heartbeatTimeout) {
    return """
    [DEFAULT]
    auth_strategy = noauth
    host = %1$s
    my_ip = 127.0.0.1
    state_path = %2$s
    hash_ring_reset_interval = 1
    enabled_hardware_types = chaos-hardware
    enabled_bios_interfaces = no-bios
    enabled_boot_interfaces = chaos
    enabled_console_interfaces = no-console
    enabled_deploy_interfaces = chaos
    enabled_firmware_interfaces = no-firmware
    enabled_inspect_interfaces = no-inspect
    enabled_management_interfaces = chaos
    enabled_network_interfaces = noop
    enabled_power_interfaces = chaos
    enabled_raid_interfaces = no-raid
    enabled_rescue_interfaces = no-rescue
    enabled_storage_interfaces = noop
    enabled_vendor_interfaces = no-vendor

    [database]
    connection = %3$s

    [conductor]
    heartbeat_interval = 1
    heartbeat_timeout = %4$d
    """
        .formatted(host, state, database, heartbeatTimeout.toSeconds());
  }

  /**
   * What a conductor needs beside.
   *
   * @param port where it is called
   * @param advertised the port that callers are told
   */
  static String conductor(int port, int advertised, URI yard) {
    return """
    workers_pool_size = 700
    max_concurrent_clean = 2000
    max_concurrent_deploy = 2000
    check_provision_state_interval = 2
    sync_local_state_interval = 5
    sync_power_state_interval = 10
    graceful_shutdown_timeout = 30

    [zeromq]
    bind_port = %1$d
    advertise_address = 127.0.0.1:%2$d

    [chaos]
    yard = %3$s
    """
        .formatted(port, advertised, yard);
  }

  /** What an API service needs beside. */
  static String api(int port) {
    return """

    [zeromq]
    call_timeout = 30

    [api]
    host_ip = 127.0.0.1
    port = %1$d
    public_endpoint = http://127.0.0.1:%1$d
    """
        .formatted(port);
  }
}
