package dev.ironic.agent.json;

/** Text that was to be JSON of a certain shape and is not; the message says what is wrong. */
public final class MalformedJsonException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Creates it with the reason, in words for the sender of the text. */
  public MalformedJsonException(String message) {
    super(message);
  }
}
