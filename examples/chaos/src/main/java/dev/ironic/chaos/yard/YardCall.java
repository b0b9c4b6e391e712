package dev.ironic.chaos.yard;

import java.time.Instant;

/**
 * A line that a conductor sends: six fields with tabs between them.
 *
 * @param node UUID of the machine's node
 * @param conductor host name and process of who calls
 * @param holding which holding of the node's lock; 0 without lock
 * @param decided when the conductor decided to call
 * @param command whether the machine is to be changed
 * @param words what to do
 */
record YardCall(
    String node, String conductor, long holding, Instant decided, boolean command, String words) {

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException when it is none
   */
  static YardCall parse(String line) {
    String[] fields = line.split("\t", -1);
    if (fields.length != 6) {
      throw new IllegalArgumentException("Not six fields: " + line);
    }
    return new YardCall(
        fields[0],
        fields[1],
        Long.parseLong(fields[2]),
        Instant.ofEpochMilli(Long.parseLong(fields[3])),
        fields[4].equals("command"),
        fields[5]);
  }
}
