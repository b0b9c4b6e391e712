package dev.ironic.api;

import org.eclipse.jetty.http.HttpStatus;

/**
 * A request was refused before any operation took it. Such answers tell no API version: it is the
 * operation that has one.
 */
final class RoutingException extends Exception {

  private static final long serialVersionUID = 1;

  private final int status;
  private final boolean described;

  private RoutingException(int status, boolean described, String text) {
    super(text);
    this.status = status;
    this.described = described;
  }

  /** A refusal whose body tells status, title and text. */
  RoutingException(int status, String text) {
    this(status, true, text);
  }

  /** A refusal whose body is the text alone. */
  static RoutingException plain(int status, String text) {
    return new RoutingException(status, false, text);
  }

  int status() {
    return status;
  }

  byte[] body() {
    String text = String.valueOf(getMessage());
    return described
        ? ErrorBody.routing(status, HttpStatus.getMessage(status), text)
        : ErrorBody.plain(text);
  }
}
