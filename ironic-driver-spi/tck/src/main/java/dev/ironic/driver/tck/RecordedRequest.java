package dev.ironic.driver.tck;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that a fake service received.
 *
 * @param method in upper case
 * @param path without query
 * @param query as received, or null
 * @param headers names in lower case; credentials are masked
 * @param body as received; passwords are masked
 * @param status what it was answered with; 0 when the connection was dropped
 */
public record RecordedRequest(
    String method,
    String path,
    @Nullable String query,
    Map<String, String> headers,
    String body,
    int status) {

  @Override
  public String toString() {
    return "%s %s %s -> %d".formatted(method, path, body, status);
  }
}
