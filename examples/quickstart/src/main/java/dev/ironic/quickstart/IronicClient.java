package dev.ironic.quickstart;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Just enough of a client: JSON over HTTP with the API version pinned. Thread-safe. */
final class IronicClient implements AutoCloseable {

  private static final String API_VERSION = "1.115";

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final JsonMapper mapper = new JsonMapper();
  private final URI root;

  IronicClient(URI root) {
    this.root = root;
  }

  JsonNode get(String path) throws IOException {
    return send("GET", path, null);
  }

  JsonNode post(String path, Object body) throws IOException {
    return send("POST", path, body);
  }

  JsonNode put(String path, Object body) throws IOException {
    return send("PUT", path, body);
  }

  JsonNode patch(String path, Object body) throws IOException {
    return send("PATCH", path, body);
  }

  @Override
  public void close() {
    http.close();
  }

  private JsonNode send(String method, String path, @Nullable Object body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(root.resolve(path))
            .timeout(Duration.ofSeconds(70))
            .header("X-OpenStack-Ironic-API-Version", API_VERSION)
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(mapper.writeValueAsBytes(body)))
            .build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() >= 400) {
        throw new QuickstartException(
            "%s %s was refused with %d: %s"
                .formatted(method, path, response.statusCode(), fault(response.body())));
      }
      return mapper.readTree(response.body().isEmpty() ? "{}" : response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QuickstartException("Interrupted");
    }
  }

  /** The words in an error body, which is JSON inside JSON. */
  private String fault(String body) {
    try {
      JsonNode inner = mapper.readTree(mapper.readTree(body).path("error_message").asString());
      return inner.has("faultstring")
          ? inner.path("faultstring").asString()
          : inner.path("description").asString();
    } catch (tools.jackson.core.JacksonException e) {
      return body;
    }
  }
}
