package dev.ironic.chaos.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A database, API services and conductors, each a process of its own, with proxies between a
 * conductor and the rest. Configured for impatience: who is silent for six seconds is dead.
 */
public final class Cluster implements AutoCloseable {

  /** {@code heartbeat_timeout}. */
  public static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(6);

  private static final String API_MAIN = "dev.ironic.api.ApiServerMain";
  private static final Duration START = Duration.ofSeconds(120);

  private static final String COMMON =
      """
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
      """;

  private static final String CONDUCTOR =
      """
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
      """;

  private static final String API =
      """

      [zeromq]
      call_timeout = 30

      [api]
      host_ip = 127.0.0.1
      port = %1$d
      public_endpoint = http://127.0.0.1:%1$d
      """;

  private final Path folder;
  private final URI yard;
  private final TestDatabase database;
  private final Map<String, ConductorUnit> conductors = new LinkedHashMap<>();
  private final List<JavaProcess> apis = new ArrayList<>();
  private final List<URI> urls = new ArrayList<>();

  private Cluster(Path folder, URI yard, TestDatabase database) {
    this.folder = folder;
    this.yard = yard;
    this.database = database;
  }

  /**
   * Starts a database and what is to run at first, and waits until all of it serves.
   *
   * @param folder for configuration, logs and the database
   * @param yard where the machines are
   * @param apiServices how many API services
   * @param conductorNames which conductors
   */
  public static Cluster start(Path folder, URI yard, int apiServices, List<String> conductorNames)
      throws IOException, InterruptedException {
    var cluster =
        new Cluster(
            folder, yard, TestDatabase.start(Files.createDirectories(folder.resolve("db"))));
    try {
      cluster.startAll(apiServices, conductorNames);
      return cluster;
    } catch (IOException | RuntimeException | InterruptedException e) {
      cluster.close();
      throw e;
    }
  }

  private void startAll(int apiServices, List<String> conductorNames)
      throws IOException, InterruptedException {
    if (!conductorNames.isEmpty()) {
      // The first one brings the schema up to date while nobody else is there.
      conductor(conductorNames.getFirst()).start();
    }
    for (int i = 1; i <= apiServices; i++) {
      launchApi("api-" + i);
    }
    for (String name :
        conductorNames.subList(Math.min(1, conductorNames.size()), conductorNames.size())) {
      conductor(name).launch();
    }
    for (JavaProcess api : apis) {
      api.awaitSign(START);
    }
    for (String name : conductorNames) {
      conductor(name).awaitReady();
    }
  }

  private void launchApi(String name) throws IOException {
    int port = freePort();
    Path config = folder.resolve(name + ".conf");
    Files.writeString(
        config, common(name, TestDatabase.url(database.port())) + API.formatted(port));
    apis.add(
        JavaProcess.start(
            name,
            "is ready",
            folder.resolve(name + ".log"),
            API_MAIN,
            List.of("--config-file", config.toString())));
    urls.add(URI.create("http://127.0.0.1:" + port));
  }

  private String common(String name, String connection) {
    return COMMON.formatted(
        name, folder.resolve("state-" + name), connection, HEARTBEAT_TIMEOUT.toSeconds());
  }

  /** The conductor's place of that name, made when there is none. */
  public ConductorUnit conductor(String name) {
    return conductors.computeIfAbsent(
        name,
        key -> {
          try {
            return makeConductor(key);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private ConductorUnit makeConductor(String name) throws IOException {
    int rpcPort = freePort();
    var toDatabase = new TcpProxy(database.port());
    var fromApi = new TcpProxy(rpcPort);
    Path config = folder.resolve(name + ".conf");
    Files.writeString(
        config,
        common(name, TestDatabase.url(toDatabase.port()))
            + CONDUCTOR.formatted(rpcPort, fromApi.port(), yard));
    return new ConductorUnit(name, config, folder.resolve(name + ".log"), toDatabase, fromApi);
  }

  /** The places of conductors. */
  public List<ConductorUnit> conductors() {
    return List.copyOf(conductors.values());
  }

  /** Where the API services are. */
  public List<URI> apiUrls() {
    return List.copyOf(urls);
  }

  /** The API services. */
  public List<JavaProcess> apis() {
    return List.copyOf(apis);
  }

  /** The database, without a proxy before it. */
  public TestDatabase database() {
    return database;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    apis.forEach(JavaProcess::kill);
    conductors.values().forEach(ConductorUnit::close);
    try {
      database.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
