package dev.ironic.chaos;

/** What can happen to a conductor. */
enum Disturbance {
  /** SIGKILL, and a new process of the same name after a while. */
  KILL,
  /** SIGSTOP and SIGCONT before anybody thinks it dead. */
  SHORT_PAUSE,
  /** SIGSTOP for longer than {@code heartbeat_timeout}, and SIGCONT. */
  LONG_PAUSE,
  /** Nothing passes between it and the database, and nobody is told. */
  DATABASE_STALL,
  /** Its connections to the database break, and no new ones are made. */
  DATABASE_CUT,
  /** Nothing passes between the API services and it. */
  RPC_STALL,
  /** The connections from the API services break, and no new ones are made. */
  RPC_CUT,
  /** SIGTERM: it hands its work over and ends; a new process of the same name after a while. */
  DRAIN,
  /** Another conductor joins for a while, and is drained. */
  JOIN
}
