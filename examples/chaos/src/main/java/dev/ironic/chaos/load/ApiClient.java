package dev.ironic.chaos.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON over HTTP at the newest version, to all API services in turn. Thread-safe. */
public final class ApiClient implements AutoCloseable {

  /** Longer than any service may take. */
  private static final Duration PATIENCE = Duration.ofSeconds(100);

  private static final int NO_ANSWER = 0;

  private final JsonMapper json = new JsonMapper();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final List<URI> services;
  private final AtomicInteger turn = new AtomicInteger();

  /**
   * An answer.
   *
   * @param status of HTTP; 0 when there was none
   * @param body JSON; what went wrong where there was no answer
   */
  public record Answer(int status, JsonNode body) {

    /** Whether the request was taken. */
    public boolean accepted() {
      return status >= 200 && status < 300;
    }

    /** Whether there was an answer at all. */
    public boolean given() {
      return status != NO_ANSWER;
    }
  }

  /** Creates a client of these services. */
  public ApiClient(List<URI> services) {
    this.services = List.copyOf(services);
  }

  /** Reads. */
  public Answer get(String path) throws InterruptedException {
    return call("GET", path, null);
  }

  /** Sends a request to the service whose turn it is. */
  public Answer call(String method, String path, @Nullable Object body)
      throws InterruptedException {
    URI service = services.get(Math.floorMod(turn.getAndIncrement(), services.size()));
    HttpRequest request =
        HttpRequest.newBuilder(service.resolve(path))
            .timeout(PATIENCE)
            .header("X-OpenStack-Ironic-API-Version", "1.115")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      String text = answer.body();
      return new Answer(answer.statusCode(), json.readTree(text.isEmpty() ? "{}" : text));
    } catch (IOException | JacksonException e) {
      return new Answer(NO_ANSWER, json.getNodeFactory().stringNode(service + ": " + e));
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
