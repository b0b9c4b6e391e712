package dev.ironic.core.api;

import dev.ironic.core.model.Node;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.io.SerializedString;

/**
 * What the rows of one answer need besides themselves, read for all of them at once.
 *
 * @param version to write for
 * @param permit what the reader may see
 * @param address what links begin with
 * @param chassis UUIDs by row
 * @param allocations UUIDs by row
 * @param parent UUID of the node in whose collection the rows are; empty elsewhere
 * @param conductor host name of the conductor that serves a node
 */
record View(
    ApiVersion version,
    Permit permit,
    Address address,
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
        Address.of(request.base()),
        Map.of(),
        Map.of(),
        parent,
        node -> null);
  }

  /** The pair of links to a place below {@code /v1}. */
  Links links(String path) {
    return new Links(address, path, true);
  }

  /** The link to a place below {@code /v1} that has no bookmark. */
  Links self(String path) {
    return new Links(address, path, false);
  }

  /**
   * What all links of an answer have in common, encoded once: a page of nodes has five thousand
   * pairs of them.
   *
   * @param self how a list of links begins
   * @param bookmark what stands between the path of the first and that of the second
   */
  record Address(SerializedString self, SerializedString bookmark) {

    /**
     * For links to one service.
     *
     * @param base its address, without a slash at the end
     */
    static Address of(String base) {
      String quoted = Json.quoted(base);
      return new Address(
          new SerializedString("[{\"href\":\"" + quoted + "/v1/"),
          new SerializedString("\",\"rel\":\"self\"},{\"href\":\"" + quoted + "/"));
    }
  }

  /**
   * A list of links to one place.
   *
   * @param path below {@code /v1}
   * @param both whether there is one without the version, too
   */
  record Links(Address address, String path, boolean both) {

    private static final SerializedString SELF_ENDS = new SerializedString("\",\"rel\":\"self\"}]");
    private static final SerializedString BOOKMARK_ENDS =
        new SerializedString("\",\"rel\":\"bookmark\"}]");

    void write(JsonGenerator out) {
      String quoted = Json.quoted(path);
      out.writeRawValue(address.self());
      out.writeRaw(quoted);
      if (both) {
        out.writeRaw(address.bookmark());
        out.writeRaw(quoted);
      }
      out.writeRaw(both ? BOOKMARK_ENDS : SELF_ENDS);
    }
  }
}
