package dev.ironic.core.api;

import dev.ironic.core.model.Node;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** What to answer. The body is written to its destination without being built in memory. */
public final class Answer {

  private final int status;
  private final @Nullable String location;
  private final String contentType;
  private final @Nullable Consumer<OutputStream> body;

  private Answer(
      int status,
      @Nullable String location,
      String contentType,
      @Nullable Consumer<OutputStream> body) {
    this.status = status;
    this.location = location;
    this.contentType = contentType;
    this.body = body;
  }

  /** No body. */
  static Answer empty(int status) {
    return new Answer(status, null, "application/json", null);
  }

  /** A document. */
  static Answer document(int status, @Nullable Object value) {
    return json(status, out -> Json.write(out, value));
  }

  /** A document written bit by bit. */
  static Answer json(int status, Consumer<JsonGenerator> writer) {
    return new Answer(
        status,
        null,
        "application/json",
        out -> {
          try (JsonGenerator generator = Json.generator(out)) {
            writer.accept(generator);
          }
        });
  }

  /** Bytes or text as they are. */
  static Answer raw(int status, Object value) {
    byte[] bytes =
        value instanceof byte[] raw ? raw : value.toString().getBytes(StandardCharsets.UTF_8);
    return new Answer(
        status,
        null,
        "application/octet-stream",
        out -> {
          try {
            out.write(bytes);
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }

  /** A page for people. */
  static Answer html(String page) {
    return new Answer(
        200,
        null,
        "text/html; charset=utf-8",
        out -> {
          try {
            out.write(page.getBytes(StandardCharsets.UTF_8));
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }

  /** The same answer, telling where the object is. */
  Answer at(String newLocation) {
    return new Answer(status, newLocation, contentType, body);
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  /** Absolute address of what was made or is to be watched, or null. */
  public @Nullable String location() {
    return location;
  }

  /** Media type of the body. */
  public String contentType() {
    return contentType;
  }

  /** Whether there is a body. */
  public boolean hasBody() {
    return body != null;
  }

  /**
   * Writes the body.
   *
   * @throws java.io.UncheckedIOException when the destination fails
   */
  public void writeTo(OutputStream out) {
    if (body != null) {
      body.accept(out);
    }
  }

  /** Where a node's states are. */
  static String states(ApiRequest request, Node node) {
    return request.base() + "/v1/nodes/" + node.uuid() + "/states";
  }
}
