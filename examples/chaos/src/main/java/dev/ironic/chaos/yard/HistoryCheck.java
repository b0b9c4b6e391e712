package dev.ironic.chaos.yard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Proves from the yard's log that no node was ever worked on by two conductors at once. Calls under
 * a node's lock belong to a holding of it: a time in which one task of one conductor has the lock.
 * Holdings follow each other; so no call of one may begin while another's is under way, and a
 * holding after which another made a call may not make one any more.
 *
 * <p>Calls without lock only look at a machine, and are left out, as are calls that the yard did
 * not perform.
 */
public final class HistoryCheck {

  /**
   * Two lines of the log that cannot both be right.
   *
   * @param node whose machine
   * @param what is wrong with them
   * @param first the earlier one, of one holding
   * @param second the later one, of another
   */
  public record Violation(String node, String what, YardEntry first, YardEntry second) {}

  private record Holder(String conductor, long holding) {}

  private static final class OfNode {
    private final Map<Long, YardEntry> open = new HashMap<>();
    private final Set<Holder> past = new HashSet<>();
    private @Nullable Holder holder;
    private @Nullable YardEntry last;
  }

  private final Map<String, OfNode> nodes = new HashMap<>();
  private final List<Violation> violations = new ArrayList<>();

  private HistoryCheck() {}

  /** What is wrong with a log; empty for a good one. */
  public static List<Violation> violations(List<YardEntry> log) {
    var check = new HistoryCheck();
    log.stream().filter(entry -> entry.holding() != 0).forEach(check::look);
    return List.copyOf(check.violations);
  }

  private void look(YardEntry entry) {
    OfNode node = nodes.computeIfAbsent(entry.node(), uuid -> new OfNode());
    switch (entry.phase()) {
      case BEGIN -> begin(node, entry);
      case END -> node.open.remove(entry.call());
      case EXPIRED -> {}
    }
  }

  private void begin(OfNode node, YardEntry entry) {
    var holder = new Holder(entry.conductor(), entry.holding());
    for (YardEntry other : node.open.values()) {
      if (!holder.equals(new Holder(other.conductor(), other.holding()))) {
        violations.add(
            new Violation(entry.node(), "both work on it at the same time", other, entry));
      }
    }
    YardEntry last = node.last;
    if (last != null && node.past.contains(holder)) {
      violations.add(
          new Violation(entry.node(), "it goes on although another had it meanwhile", last, entry));
    }
    if (node.holder != null && !node.holder.equals(holder)) {
      node.past.add(node.holder);
    }
    node.holder = holder;
    node.last = entry;
    node.open.put(entry.call(), entry);
  }
}
