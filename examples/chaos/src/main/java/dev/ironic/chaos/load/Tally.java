package dev.ironic.chaos.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What has happened so far: counts, and what must not have happened. Thread-safe. */
public final class Tally {

  private static final int MOST_PROBLEMS = 200;

  private final Map<String, Integer> counts = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();

  /** Counts one more. */
  public synchronized void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  /** Notes something that must not happen. */
  public synchronized void problem(String what) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(what);
    }
  }

  /** How often something was counted. */
  public synchronized int count(String what, int otherwise) {
    return counts.getOrDefault(what, otherwise);
  }

  /** All that has been counted whose name begins with a text. */
  public synchronized Map<String, Integer> counts(String beginning) {
    var found = new TreeMap<>(counts);
    found.keySet().removeIf(name -> !name.startsWith(beginning));
    return found;
  }

  /** What must not have happened; empty when all is well. */
  public synchronized List<String> problems() {
    return List.copyOf(problems);
  }

  @Override
  public synchronized String toString() {
    var lines = new StringBuilder();
    counts.forEach((name, count) -> lines.append("%n%8d %s".formatted(count, name)));
    return lines.toString();
  }
}
