package dev.ironic.examples.customdriver;

import dev.ironic.driver.DriverException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Speaks with power distribution units, in a protocol made up for this example: {@code GET
 * /outlets/3} answers lines such as {@code power=on}, {@code boot=disk} and {@code watts=143};
 * {@code PUT /outlets/3/power} and {@code PUT /outlets/3/boot} take the new value. Thread-safe.
 */
final class PduClient implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  /** What an outlet says of itself; empty where it says nothing. */
  Map<String, String> read(Outlet outlet) {
    String body = send(outlet, HttpRequest.newBuilder().GET(), "");
    return body.lines()
        .map(line -> line.split("=", 2))
        .filter(pair -> pair.length == 2)
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, second) -> second));
  }

  /** Changes a setting of an outlet. */
  void write(Outlet outlet, String setting, String value) {
    send(outlet, HttpRequest.newBuilder().PUT(BodyPublishers.ofString(value)), "/" + setting);
  }

  private String send(Outlet outlet, HttpRequest.Builder request, String path) {
    String login = outlet.username() + ":" + outlet.password().reveal();
    request
        .uri(outlet.pdu().resolve("/outlets/" + outlet.number() + path))
        .timeout(PATIENCE)
        .header(
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      return switch (response.statusCode()) {
        case 200, 204 -> response.body();
        case 401 ->
            throw DriverException.failed(
                "%s refuses user %s; correct pdu_username and pdu_password"
                    .formatted(outlet, outlet.username()),
                null);
        case 404 -> throw DriverException.failed("There is no " + outlet, null);
        default ->
            throw DriverException.failed(
                "%s answered with status %d: %s"
                    .formatted(outlet, response.statusCode(), response.body()),
                null);
      };
    } catch (ConnectException e) {
      throw DriverException.unreachable(outlet + " does not accept connections", e);
    } catch (IOException e) {
      throw DriverException.unreachable(
          "%s does not answer: %s".formatted(outlet, Objects.toString(e.getMessage(), "")), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DriverException.unreachable("Interrupted while waiting for " + outlet, e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
