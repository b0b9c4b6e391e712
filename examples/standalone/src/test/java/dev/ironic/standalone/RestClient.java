package dev.ironic.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an operator's tools do: JSON over HTTP at the newest version. Thread-safe. */
final class RestClient implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final URI root;

  RestClient(int port) {
    root = URI.create("http://127.0.0.1:" + port);
  }

  JsonNode get(String path) {
    return call("GET", path, null, 200);
  }

  JsonNode call(String method, String path, @Nullable Object body, int expected) {
    try {
      return exchange(method, path, body, expected);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode exchange(String method, String path, @Nullable Object body, int expected)
      throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(root.resolve(path))
            .timeout(Duration.ofSeconds(60))
            .header("X-OpenStack-Ironic-API-Version", "1.115")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode())
          .as("%s %s: %s", method, path, answer.body())
          .isEqualTo(expected);
      return JSON.readTree(answer.body().isEmpty() ? "{}" : answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  void provision(String node, String target) {
    call("PUT", "/v1/nodes/" + node + "/states/provision", Map.of("target", target), 202);
  }

  void replace(String node, String path, Object value) {
    call(
        "PATCH",
        "/v1/nodes/" + node,
        List.of(Map.of("op", "add", "path", path, "value", value)),
        200);
  }

  /** Waits until a node is in a state and nothing works on it; ends early in a failed state. */
  JsonNode await(String node, String state) {
    var last = new String[] {""};
    try {
      return Awaitility.await()
          .atMost(Duration.ofSeconds(120))
          .pollInterval(Duration.ofMillis(200))
          .until(
              () -> {
                try {
                  JsonNode now = exchange("GET", "/v1/nodes/" + node, null, 200);
                  last[0] = now.path("provision_state").asString() + ": " + now.path("last_error");
                  return now;
                } catch (IOException e) {
                  // The server may just be restarting.
                  return JSON.createObjectNode();
                }
              },
              now ->
                  now.path("provision_state").asString("").equals(state)
                      && now.path("reservation").isNull());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "Node %s never became %s; it is %s".formatted(node, state, last[0]), e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
