package dev.ironic.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The standalone server as a process of its own, which a test can kill. */
final class ServerProcessUnderTest implements AutoCloseable {

  private static final String READY = "Ironic is ready";

  private static final String COMMON =
      """
      [api]
      host_ip = 127.0.0.1
      port = %2$d
      public_endpoint = http://127.0.0.1:%2$d

      [database]
      connection = sqlite:///%1$s/ironic.sqlite

      [DEFAULT]
      auth_strategy = noauth
      host = under-test
      my_ip = 127.0.0.1
      state_path = %1$s
      """;

  private static final String FAKE =
      """
      enabled_hardware_types = fake-hardware
      enabled_bios_interfaces = fake
      enabled_boot_interfaces = fake
      enabled_console_interfaces = fake
      enabled_deploy_interfaces = fake
      enabled_firmware_interfaces = fake
      enabled_inspect_interfaces = fake
      enabled_management_interfaces = fake
      enabled_network_interfaces = noop
      enabled_power_interfaces = fake
      enabled_raid_interfaces = fake
      enabled_rescue_interfaces = fake
      enabled_storage_interfaces = fake
      enabled_vendor_interfaces = fake

      [conductor]
      workers_pool_size = 1200
      max_concurrent_clean = 2000
      max_concurrent_deploy = 2000
      """;

  private static final String REDFISH =
      """
      enabled_hardware_types = redfish
      enabled_bios_interfaces = no-bios
      enabled_boot_interfaces = redfish-virtual-media
      enabled_console_interfaces = no-console
      enabled_deploy_interfaces = direct
      enabled_firmware_interfaces = no-firmware
      enabled_inspect_interfaces = no-inspect
      enabled_management_interfaces = redfish
      enabled_network_interfaces = noop
      enabled_power_interfaces = redfish
      enabled_raid_interfaces = no-raid
      enabled_rescue_interfaces = no-rescue
      enabled_storage_interfaces = noop
      enabled_vendor_interfaces = no-vendor

      [conductor]
      automated_clean = false
      file_url_allowed_paths = /
      heartbeat_timeout = 10
      %1$s

      [deploy]
      http_server_port = %2$d
      http_server_bind = 127.0.0.1
      http_server_advertise = 127.0.0.1

      [agent]
      require_tls = true
      command_wait_interval = 1
      deploy_logs_collect = never
      post_deploy_get_power_state_retry_interval = 1
      """;

  private final Path folder;
  private final int port;
  private Process process;

  private ServerProcessUnderTest(Path folder, int port) {
    this.folder = folder;
    this.port = port;
    this.process = launch();
  }

  /**
   * Starts a server with the redfish hardware type and waits until it serves.
   *
   * @param folder for its configuration, database and log
   * @param conductorOptions lines of the group {@code [conductor]}, and further groups
   */
  static ServerProcessUnderTest withRedfish(Path folder, String conductorOptions)
      throws IOException {
    return start(folder, REDFISH.formatted(conductorOptions, freePort()));
  }

  /** The same with fake hardware. */
  static ServerProcessUnderTest withFakeHardware(Path folder) throws IOException {
    return start(folder, FAKE);
  }

  private static ServerProcessUnderTest start(Path folder, String hardware) throws IOException {
    int port = freePort();
    Files.writeString(folder.resolve("ironic.conf"), COMMON.formatted(folder, port) + hardware);
    return new ServerProcessUnderTest(folder, port);
  }

  long pid() {
    return process.pid();
  }

  int port() {
    return port;
  }

  /** Everything it ever logged. */
  String log() throws IOException {
    return Files.readString(log(folder));
  }

  /** SIGKILL, and a new process on what the old one left behind. */
  void crashAndRestart() {
    process.destroyForcibly().onExit().join();
    process = launch();
  }

  private static Path log(Path folder) {
    return folder.resolve("ironic.log");
  }

  private Process launch() {
    try {
      long before = Files.exists(log(folder)) ? readyLines() : 0;
      Process started =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "--enable-native-access=ALL-UNNAMED",
                      "-cp",
                      System.getProperty("java.class.path"),
                      StandaloneMain.class.getName(),
                      "--config-file",
                      folder.resolve("ironic.conf").toString()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log(folder).toFile()))
              .start();
      Awaitility.await("the server's start")
          .atMost(Duration.ofSeconds(60))
          .until(() -> !started.isAlive() || readyLines() > before);
      if (!started.isAlive()) {
        throw new AssertionError("The server ended: " + log());
      }
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long readyLines() throws IOException {
    return log().lines().filter(line -> line.startsWith(READY)).count();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
