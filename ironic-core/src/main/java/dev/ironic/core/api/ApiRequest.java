package dev.ironic.core.api;

import dev.ironic.core.RequestContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came, free of HTTP.
 *
 * @param operation what is asked for
 * @param path values of the path's parameters
 * @param query query parameters; of several with one name the last
 * @param body bytes of the body; empty for none
 * @param version negotiated version
 * @param context who asks, as conductors are told
 * @param permit what the caller may do
 * @param base address of this service for links, without a slash at the end
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; bytes as they came
public record ApiRequest(
    Operation operation,
    Map<String, String> path,
    Map<String, String> query,
    byte[] body,
    ApiVersion version,
    RequestContext context,
    Permit permit,
    String base) {

  /** A parameter of the path that the route has. */
  String path(String name) {
    String value = path.get(name);
    if (value == null) {
      throw new IllegalArgumentException(operation.id() + " has no path parameter " + name);
    }
    return value;
  }

  /** A query parameter, or null. */
  @Nullable String query(String name) {
    return query.get(name);
  }

  /** A boolean query parameter, or null. */
  @Nullable Boolean flag(String name) {
    String value = query.get(name);
    return value == null ? null : (Boolean) FieldType.BOOLEAN.accept(name, value);
  }

  @Override
  public String toString() {
    return "ApiRequest[" + operation.id() + "]";
  }
}
