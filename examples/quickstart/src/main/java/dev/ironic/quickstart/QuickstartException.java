package dev.ironic.quickstart;

/** Ends the quickstart; the message is all the user needs. */
final class QuickstartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  QuickstartException(String message) {
    super(message);
  }
}
