package dev.ironic.chaos.load;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a node has ended, and how it is to.
 *
 * @param uuid its UUID
 * @param row what the API says; null when it does not know the node
 * @param active whether it is to be active and on, rather than available and off
 * @param deployments how many deployments were asked for
 * @param client what its client was at
 */
public record NodeEnd(
    String uuid, @Nullable NodeRow row, boolean active, int deployments, String client) {

  /** How it differs from an end without disturbance; empty for not at all. */
  public List<String> differences() {
    var found = new ArrayList<String>();
    NodeRow is = row;
    if (is == null) {
      return List.of(uuid + " is unknown");
    }
    var wanted =
        new NodeRow(
            uuid,
            active ? "active" : "available",
            active ? "power on" : "power off",
            null,
            null,
            null,
            false);
    if (!is.equals(wanted)) {
      found.add("It is %s, not %s; its client: %s".formatted(is, wanted, client));
    }
    return found;
  }
}
