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
  private static final Duration START = Duration.ofMinutes(2);

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
   * @param folder for configuration and logs
   * @param yard where the machines are
   * @param apiServices how many API services
   * @param conductorNames which conductors
   */
  public static Cluster start(Path folder, URI yard, int apiServices, List<String> conductorNames)
      throws IOException, InterruptedException {
    var cluster = new Cluster(folder, yard, TestDatabase.start());
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
        config, common(name, TestDatabase.url(database.port())) + ConfigurationFile.api(port));
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
    return ConfigurationFile.common(
        name, folder.resolve("state-" + name), connection, HEARTBEAT_TIMEOUT);
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
            + ConfigurationFile.conductor(rpcPort, fromApi.port(), yard));
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
