package dev.ironic.quickstart;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The services as an operator runs them: processes of their own with an {@code ironic.conf}. */
final class Services {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path root;
  private final Path state;
  private final Options options;
  private final Screen screen;
  private final Leftovers open;
  private @Nullable Child conductor;

  private Services(Path root, Path state, Options options, Screen screen, Leftovers open) {
    this.root = root;
    this.state = state;
    this.options = options;
    this.screen = screen;
    this.open = open;
  }

  /**
   * Starts what the options ask for and waits until it serves.
   *
   * @param hostAddress under which address the machine reaches this host
   * @param leftovers stops what was started
   */
  static Services start(
      Options options, Path state, String hostAddress, Screen screen, Leftovers leftovers)
      throws IOException {
    var services = new Services(options.root, state, options, screen, leftovers);
    services.start(hostAddress);
    return services;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + options.port);
  }

  /** Kills the conductor without warning and starts it again. */
  void crashConductor() throws IOException {
    Objects.requireNonNull(conductor, "nothing was started").crashAndRestart();
  }

  private void start(String hostAddress) throws IOException {
    Path config = state.resolve("ironic.conf");
    Files.writeString(config, configuration(database(), hostAddress));
    if (options.split) {
      conductor =
          launch("conductor", "ironic-conductor-server/bin/ironic-conductor", config, "is ready");
      launch("api", "ironic-api-server/bin/ironic-api", config, "is ready");
      screen.line("API and conductor run as two processes; the API is at " + url());
    } else {
      conductor = launch("ironic", "examples/standalone/bin/ironic", config, "is ready");
      screen.line("API and conductor run in one process; the API is at " + url());
    }
  }

  private Child launch(String name, String launcher, Path config, String sign) throws IOException {
    Child child =
        Child.start(
            name,
            state.resolve(name + ".log"),
            root.resolve(launcher).toString(),
            "--config-file",
            config.toString());
    open.add(child);
    Duration end = screen.elapsed().plus(PATIENCE);
    while (!child.said(sign)) {
      child.checkAlive();
      if (screen.elapsed().compareTo(end) > 0) {
        throw new QuickstartException(
            "%s did not start within %d s; see its log in %s"
                .formatted(name, PATIENCE.toSeconds(), state));
      }
      NodeWatch.sleep(Duration.ofMillis(100));
    }
    return child;
  }

  private String database() throws IOException {
    return switch (options.database) {
      case sqlite -> "sqlite:///" + state.resolve("ironic.sqlite");
      case postgresql -> {
        EmbeddedPostgres server = postgresql();
        screen.line("PostgreSQL runs at port " + server.getPort());
        yield "postgresql://postgres:postgres@localhost:%d/postgres".formatted(server.getPort());
      }
    };
  }

  private EmbeddedPostgres postgresql() throws IOException {
    // It is no child of ours, so a signal that comes while it starts has to wait for it.
    var running = new CompletableFuture<AutoCloseable>();
    open.add(() -> running.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).close());
    try {
      EmbeddedPostgres server =
          EmbeddedPostgres.builder()
              .setOverrideWorkingDirectory(state.resolve("postgresql").toFile())
              // Of its own it would end before the services that use it.
              .setRegisterShutdownHook(false)
              .start();
      running.complete(server);
      return server;
    } finally {
      running.complete(() -> {}); // means nothing once it runs
    }
  }

  private String configuration(String database, String hostAddress) throws IOException {
    return """
    [DEFAULT]
    auth_strategy = noauth
    host = quickstart
    my_ip = 127.0.0.1
    state_path = %1$s
    enabled_hardware_types = redfish,fake-hardware
    enabled_bios_interfaces = no-bios,fake
    enabled_boot_interfaces = redfish-virtual-media,fake
    enabled_console_interfaces = no-console,fake
    enabled_deploy_interfaces = direct,fake
    enabled_firmware_interfaces = no-firmware,fake
    enabled_inspect_interfaces = no-inspect,fake
    enabled_management_interfaces = redfish,fake
    enabled_network_interfaces = noop
    enabled_power_interfaces = redfish,fake
    enabled_raid_interfaces = no-raid,fake
    enabled_rescue_interfaces = no-rescue,fake
    enabled_storage_interfaces = noop,fake
    enabled_vendor_interfaces = no-vendor,fake
    default_network_interface = noop

    [api]
    host_ip = 127.0.0.1
    port = %2$d
    public_endpoint = http://127.0.0.1:%2$d

    [database]
    connection = %3$s

    [zeromq]
    bind_port = %4$d

    [conductor]
    automated_clean = true
    file_url_allowed_paths = /
    heartbeat_timeout = 15

    [deploy]
    # Wiping what marks a disk as used takes seconds, wiping all of it hours.
    erase_devices_priority = 0
    erase_devices_metadata_priority = 10
    fast_track = true
    http_server_port = %5$d
    http_server_bind = 127.0.0.1
    http_server_advertise = %6$s

    [agent]
    post_deploy_get_power_state_retry_interval = 1
    post_deploy_get_power_state_retries = 60
    # The agent uses its own certificate, which comes with its first heartbeat.
    require_tls = true
    """
        .formatted(
            state, options.port, database, Machines.freePort(), Machines.freePort(), hostAddress);
  }
}
