package dev.ironic.chaos.yard;

import java.time.Instant;

/**
 * One line of the yard's log.
 *
 * @param number counts the lines, from 1
 * @param time when it happened
 * @param node UUID of the machine's node
 * @param conductor host name and process of who called
 * @param holding which of that conductor's holdings of the node's lock the call was made under; 0
 *     without lock
 * @param call tells calls apart
 * @param words what was asked for
 * @param phase what happened
 */
public record YardEntry(
    long number,
    Instant time,
    String node,
    String conductor,
    long holding,
    long call,
    String words,
    Phase phase) {

  /** What happens to a call. */
  public enum Phase {
    /** The machine begins with it. */
    BEGIN,
    /** The machine is done with it. */
    END,
    /** It came too late and was not performed. */
    EXPIRED
  }
}
