package dev.ironic.rpc;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What travels between a caller and a conductor, as JSON. */
sealed interface RpcMessage {

  /** Grows when a change would be misunderstood by the other side. */
  int PROTOCOL = 1;

  /** An empty message: sent to see whether the other side hears, and sent back. */
  byte[] GREETING = {};

  /**
   * A call.
   *
   * @param protocol version of the envelope
   * @param id chosen by the caller, returned with the answer
   * @param method name of a method of {@code ConductorService}
   * @param deadline when the caller stops waiting, in milliseconds since 1970
   * @param arguments in the method's order
   */
  record Request(int protocol, long id, String method, long deadline, List<JsonNode> arguments)
      implements RpcMessage {}

  /**
   * An answer.
   *
   * @param protocol version of the envelope
   * @param id of the call
   * @param result what the method returned; null when it failed
   * @param failure why it failed; null when it did not
   */
  record Reply(int protocol, long id, @Nullable JsonNode result, @Nullable Failure failure)
      implements RpcMessage {}

  /**
   * A failure that is told to the user.
   *
   * @param fault name of a {@code Fault}
   * @param status HTTP status
   * @param message words for the user
   */
  record Failure(String fault, int status, String message) {}
}
