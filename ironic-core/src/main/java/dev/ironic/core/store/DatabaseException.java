package dev.ironic.core.store;

/** The database refused a statement or cannot be reached; the cause is what its driver said. */
public final class DatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates one; the cause's message is added. */
  public DatabaseException(String message, Throwable cause) {
    super(message + ": " + cause.getMessage(), cause);
  }
}
