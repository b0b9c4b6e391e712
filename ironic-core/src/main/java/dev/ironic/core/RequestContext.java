package dev.ironic.core;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who asks for something, and until when the answer is of use.
 *
 * @param requestId {@code req-<uuid>}, in answers and log lines
 * @param user who asks, or null without authentication
 * @param project the project in whose name, or null
 * @param roles roles held
 * @param traceparent W3C trace context to go on with, or null
 * @param deadline when the caller stops waiting, or null for no limit
 */
public record RequestContext(
    String requestId,
    @Nullable String user,
    @Nullable String project,
    List<String> roles,
    @Nullable String traceparent,
    @Nullable Instant deadline) {

  /** Copies the roles. */
  public RequestContext {
    roles = List.copyOf(roles);
  }

  /** Work that the conductor does by itself. */
  public static RequestContext internal(String requestId) {
    return new RequestContext(requestId, null, null, List.of(), null, null);
  }
}
