package dev.ironic.core.api;

import dev.ironic.core.model.Node;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of one answer need besides themselves, read for all of them at once.
 *
 * @param version to write for
 * @param permit what the reader may see
 * @param base address that links begin with, without a slash at the end
 * @param chassis UUIDs by row
 * @param allocations UUIDs by row
 * @param parent UUID of the node in whose collection the rows are; empty elsewhere
 * @param conductor host name of the conductor that serves a node
 */
record View(
    ApiVersion version,
    Permit permit,
    String base,
    Map<Long, String> chassis,
    Map<Long, String> allocations,
    String parent,
    Function<Node, @Nullable String> conductor) {

  /** A view for rows that stand by themselves. */
  static View plain(ApiRequest request) {
    return below(request, "");
  }

  /** A view for rows in the collection of a node. */
  static View below(ApiRequest request, String parent) {
    return new View(
        request.version(),
        request.permit(),
        request.base(),
        Map.of(),
        Map.of(),
        parent,
        node -> null);
  }

  /** The pair of links to a place below {@code /v1}. */
  Links links(String path) {
    return new Links(base + "/v1/" + path, base + "/" + path);
  }

  /** The link to a place below {@code /v1} that has no bookmark. */
  Links self(String path) {
    return new Links(base + "/v1/" + path, null);
  }

  /**
   * A pair of links; a page of nodes has five thousand.
   *
   * @param bookmark null where there is none
   */
  record Links(String self, @Nullable String bookmark) {}
}
