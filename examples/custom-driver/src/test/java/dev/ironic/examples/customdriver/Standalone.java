package dev.ironic.examples.customdriver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The standalone server as a process of its own, with an {@code ironic.conf}. */
final class Standalone implements AutoCloseable {

  private static final Pattern READY = Pattern.compile("Ironic is ready at (\\S+)");

  private final HttpClient http = HttpClient.newHttpClient();
  private final JsonMapper json = new JsonMapper();
  private final Path log;
  private final Process process;

  /**
   * Starts it.
   *
   * @param folder where its state and its log go
   * @param options what the configuration holds besides database and ports
   */
  Standalone(Path folder, String options) throws IOException {
    Path target = Path.of(System.getProperty("project.root"), "examples/standalone/target");
    Path jar = target.resolve("ironic-standalone.jar");
    assertThat(jar).as("the standalone server; 'mvn verify' builds it").exists();
    Path config = folder.resolve("ironic.conf");
    Files.writeString(
        config,
        """
        [api]
        host_ip = 127.0.0.1
        port = %d
        [deploy]
        http_server_port = %d
        http_server_bind = 127.0.0.1
        [database]
        connection = sqlite:///%s
        """
                .formatted(freePort(), freePort(), folder.resolve("ironic.sqlite"))
            + options);
    log = folder.resolve("ironic.log");
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                jar + System.getProperty("path.separator") + target.resolve("lib") + "/*",
                "dev.ironic.standalone.StandaloneMain",
                "--config-file",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
  }

  /** A resource of the API, such as {@code /v1/drivers}. */
  JsonNode get(String path) {
    return send("GET", path, null);
  }

  JsonNode send(String method, String path, @Nullable Map<String, ?> body) {
    try {
      var request =
          HttpRequest.newBuilder(url().resolve(path))
              .header("X-OpenStack-Ironic-API-Version", "1.82")
              .header("Content-Type", "application/json")
              .method(
                  method,
                  body == null
                      ? BodyPublishers.noBody()
                      : BodyPublishers.ofString(json.writeValueAsString(body)))
              .build();
      var response = http.send(request, BodyHandlers.ofString());
      assertThat(response.statusCode())
          .as("%s %s: %s", method, path, response.body())
          .isBetween(200, 299);
      return json.readTree(response.body().isEmpty() ? "{}" : response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private URI url() {
    Matcher ready =
        await()
            .atMost(Duration.ofSeconds(30))
            .until(
                () -> {
                  assertThat(process.isAlive()).as(log()).isTrue();
                  return READY.matcher(log());
                },
                Matcher::find);
    return URI.create(ready.group(1));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    http.close();
    process.destroy();
    process.onExit().join();
  }
}
