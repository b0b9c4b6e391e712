package dev.ironic.driver;

import org.jspecify.annotations.Nullable;

/**
 * What a driver throws when it cannot do what it was asked. The kind decides how the failure is
 * told to the API user; the message is shown to the operator, so it says what was wrong, with which
 * value, and never contains a credential.
 */
public final class DriverException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What went wrong, as far as the conductor treats it differently. */
  public enum Kind {
    /** A given value is wrong: 400. */
    INVALID_PARAMETER(400),
    /** A needed value is not there: 400. */
    MISSING_PARAMETER(400),
    /** The implementation has no such ability: 400. */
    UNSUPPORTED(400),
    /** Something conflicts with the request: 409. */
    CONFLICT(409),
    /** The hardware or its controller refused or failed: 500. */
    OPERATION_FAILED(500),
    /** The hardware or the agent cannot be reached at the moment: 500; may be tried again. */
    UNREACHABLE(500),
    /** The agent is occupied with another command; the step is tried again later. */
    AGENT_BUSY(409);

    private final int status;

    Kind(int status) {
      this.status = status;
    }

    /** The HTTP status that stands for this kind. */
    public int status() {
      return status;
    }
  }

  private final Kind kind;

  /**
   * Creates an error.
   *
   * @param kind how it is treated
   * @param message what was wrong, with which value, and what to do
   * @param cause where it came from, or null
   */
  public DriverException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** How the error is treated. */
  public Kind kind() {
    return kind;
  }

  /** A given value is wrong. */
  public static DriverException invalid(String message) {
    return new DriverException(Kind.INVALID_PARAMETER, message, null);
  }

  /** A needed value is missing. */
  public static DriverException missing(String message) {
    return new DriverException(Kind.MISSING_PARAMETER, message, null);
  }

  /** The implementation lacks an ability. */
  public static DriverException unsupported(String message) {
    return new DriverException(Kind.UNSUPPORTED, message, null);
  }

  /** The hardware refused or failed. */
  public static DriverException failed(String message, @Nullable Throwable cause) {
    return new DriverException(Kind.OPERATION_FAILED, message, cause);
  }

  /** The hardware cannot be reached now. */
  public static DriverException unreachable(String message, @Nullable Throwable cause) {
    return new DriverException(Kind.UNREACHABLE, message, cause);
  }
}
