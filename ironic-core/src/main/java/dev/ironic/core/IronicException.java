package dev.ironic.core;

import dev.ironic.driver.DriverException;
import org.jspecify.annotations.Nullable;

/**
 * A failure that is told to the user. The message says what was wrong, with which value, and what
 * to do; it never holds a credential.
 */
public final class IronicException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Fault fault;
  private final int status;

  /** Creates a failure with the status of its fault. */
  public IronicException(Fault fault, String message) {
    this(fault, fault.status(), message, null);
  }

  /** Creates a failure with a cause. */
  public IronicException(Fault fault, String message, @Nullable Throwable cause) {
    this(fault, fault.status(), message, cause);
  }

  /**
   * Creates a failure whose status differs from its fault's, such as a deployment refused for a bad
   * parameter.
   *
   * @param status the HTTP status to answer with
   */
  public IronicException(Fault fault, int status, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.fault = fault;
    this.status = status;
  }

  /** What kind of failure it is. */
  public Fault fault() {
    return fault;
  }

  /** The HTTP status to answer with. */
  public int status() {
    return status;
  }

  /** The failure that a driver's error means to a user. */
  public static IronicException of(DriverException e) {
    Fault fault =
        switch (e.kind()) {
          case INVALID_PARAMETER -> Fault.INVALID_PARAMETER_VALUE;
          case MISSING_PARAMETER -> Fault.MISSING_PARAMETER_VALUE;
          case UNSUPPORTED -> Fault.UNSUPPORTED_DRIVER_EXTENSION;
          case CONFLICT -> Fault.CONFLICT;
          case OPERATION_FAILED -> Fault.DRIVER_OPERATION_ERROR;
          case UNREACHABLE -> Fault.AGENT_CONNECTION_FAILED;
          case AGENT_BUSY -> Fault.AGENT_IN_PROGRESS;
        };
    return new IronicException(fault, String.valueOf(e.getMessage()), e);
  }
}
