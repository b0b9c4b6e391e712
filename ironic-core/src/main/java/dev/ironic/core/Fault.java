package dev.ironic.core;

/**
 * The kinds of failure that users meet, each with the HTTP status that tells it on the wire. They
 * cross RPC by name.
 */
public enum Fault {
  INVALID_PARAMETER_VALUE(400),
  MISSING_PARAMETER_VALUE(400),
  INVALID(400),
  INVALID_UUID(400),
  /** A part of the path that should identify an object has a form that no identifier has. */
  INVALID_IDENTIFIER(400),
  INVALID_MAC(400),
  INVALID_STATE_REQUESTED(400),
  PATCH_ERROR(400),
  UNSUPPORTED_DRIVER_EXTENSION(400),
  INTERFACE_NOT_FOUND(400),
  INCOMPATIBLE_INTERFACE(400),
  NO_VALID_DEFAULT_FOR_INTERFACE(400),
  NODE_IN_MAINTENANCE(400),
  NODE_IS_RETIRED(400),
  NODE_CONSOLE_NOT_ENABLED(400),
  STEP_NOT_ALLOWED(400),
  BOOT_MODE_NOT_ALLOWED(400),
  PORTGROUP_NOT_EMPTY(400),
  CHASSIS_NOT_EMPTY(400),
  VIF_NOT_ATTACHED(400),
  NO_FREE_PHYSICAL_PORTS(400),
  UNAUTHORIZED(401),
  FORBIDDEN(403),
  NODE_PROTECTED(403),
  NOT_FOUND(404),
  NODE_NOT_FOUND(404),
  DRIVER_NOT_FOUND(404),
  NO_VALID_HOST(404),
  METHOD_NOT_ALLOWED(405),
  NOT_ACCEPTABLE(406),
  CONFLICT(409),
  /** What was to be changed is no longer as the writer had read it. */
  CHANGED_MEANWHILE(409),
  ALREADY_EXISTS(409),
  NODE_LOCKED(409),
  NODE_ASSOCIATED(409),
  INSTANCE_ASSOCIATED(409),
  INVALID_STATE(409),
  VIF_ALREADY_ATTACHED(409),
  VIF_INVALID_FOR_ATTACH(409),
  AGENT_IN_PROGRESS(409),
  PAYLOAD_TOO_LARGE(413),
  INTERNAL(500),
  INSTANCE_DEPLOY_FAILURE(500),
  INSTANCE_RESCUE_FAILURE(500),
  INSTANCE_UNRESCUE_FAILURE(500),
  NODE_CLEANING_FAILURE(500),
  DRIVER_OPERATION_ERROR(500),
  AGENT_CONNECTION_FAILED(500),
  ALLOCATION_FAILED(409),
  /**
   * The writer no longer holds the lock: its conductor was declared dead and another took over.
   * Asked again, the request reaches that one.
   */
  LOCK_LOST(503),
  NO_FREE_CONDUCTOR_WORKER(503),
  CONCURRENT_ACTION_LIMIT(503),
  TEMPORARY_FAILURE(503),
  /** The conductor did nothing of what was asked, and another one may be asked instead. */
  NOT_TAKEN(503);

  private final int status;

  Fault(int status) {
    this.status = status;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }
}
