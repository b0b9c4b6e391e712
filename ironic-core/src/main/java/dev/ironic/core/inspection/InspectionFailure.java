package dev.ironic.core.inspection;

/** An inspection's data cannot be used; the message becomes the node's last error. */
public final class InspectionFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Creates a failure for the reason given. */
  public InspectionFailure(String reason) {
    super(reason);
  }
}
