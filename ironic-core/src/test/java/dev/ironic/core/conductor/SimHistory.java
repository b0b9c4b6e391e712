package dev.ironic.core.conductor;

import dev.ironic.core.model.Flow;
import dev.ironic.core.model.FlowStep;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.states.ProvisionMachine;
import dev.ironic.driver.Repeat;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The laws of locks and journal, told from what was written one after the other. They are stated
 * anew here, so that an error in the code that keeps them does not excuse itself.
 */
final class SimHistory {

  /**
   * A version of a node.
   *
   * @param holder who has the lock; null if nobody
   * @param fence number of the lock
   * @param registered whether the holder has a row among the conductors
   */
  record Lock(ProvisionState state, @Nullable String holder, long fence, boolean registered) {}

  /**
   * A version of a flow.
   *
   * @param cursor index of the step that runs or is next
   * @param conductor who wrote it, by its own words
   * @param holder who held the node's lock then; null if nobody
   */
  record Entry(
      Flow.State state,
      int cursor,
      List<FlowStep> steps,
      @Nullable String conductor,
      @Nullable String holder) {

    @Override
    public String toString() {
      List<String> shown =
          steps.stream().map(step -> step.step() + " " + step.state().name()).toList();
      return "%s at step %d of %s, by %s under the lock of %s"
          .formatted(state, cursor, shown, conductor, holder);
    }
  }

  private SimHistory() {}

  /** Finds what must not have become of a node. */
  static void check(String what, List<Lock> versions, Consumer<String> complaint) {
    ProvisionState atLock = versions.getFirst().state();
    for (int i = 1; i < versions.size(); i++) {
      Lock before = versions.get(i - 1);
      Lock now = versions.get(i);
      boolean taken = now.fence() != before.fence();
      if (taken) {
        atLock = before.state();
      }
      String wrong = wrong(before, now, atLock);
      if (wrong != null) {
        complaint.accept("%s: %s: %s after %s".formatted(what, wrong, now, before));
      }
    }
  }

  private static @Nullable String wrong(Lock before, Lock now, ProvisionState atLock) {
    if (now.fence() != before.fence() && now.fence() != before.fence() + 1) {
      return "the fence does not count";
    }
    boolean taken = now.fence() != before.fence();
    if (taken && now.holder() == null) {
      return "a lock is taken by nobody";
    }
    if (taken && !now.registered()) {
      return "the holder is no conductor";
    }
    boolean changesHands = now.holder() != null && !now.holder().equals(before.holder());
    if (changesHands && !taken) {
      return "the lock changes hands without a new fence";
    }
    if (now.state() == before.state()) {
      return null;
    }
    if (before.holder() == null || taken || !before.holder().equals(now.holder())) {
      return "the state changes without the lock";
    }
    return isAllowed(before.state(), now.state(), atLock) ? null : "there is no such transition";
  }

  /** A refused request puts back what it had begun under the same lock. */
  private static boolean isAllowed(
      ProvisionState before, ProvisionState now, ProvisionState atLock) {
    return now == atLock
        || ProvisionMachine.transitions().stream()
            .anyMatch(row -> row.from() == before && row.to() == now);
  }

  /** Finds what must not have become of a flow. */
  static void checkFlow(String what, List<Entry> versions, Consumer<String> complaint) {
    for (int i = 0; i < versions.size(); i++) {
      Entry now = versions.get(i);
      String wrong = i == 0 ? wrongAlone(now) : wrong(versions.get(i - 1), now);
      if (wrong != null) {
        complaint.accept(
            "%s: %s: %s%s"
                .formatted(what, wrong, now, i == 0 ? "" : " after " + versions.get(i - 1)));
      }
    }
  }

  private static @Nullable String wrongAlone(Entry now) {
    if (now.holder() == null) {
      return "it is written without the lock";
    }
    if (!now.state().ended() && !Objects.equals(now.conductor(), now.holder())) {
      return "it is written by one who does not hold the lock";
    }
    return null;
  }

  private static @Nullable String wrong(Entry before, Entry now) {
    if (before.state().ended()) {
      return "it is written after its end";
    }
    String alone = wrongAlone(now);
    if (alone != null) {
      return alone;
    }
    if (now.cursor() < before.cursor()) {
      return "its cursor goes back";
    }
    int behind = Math.min(before.cursor(), before.steps().size());
    if (now.steps().size() < behind
        || !now.steps().subList(0, behind).equals(before.steps().subList(0, behind))) {
      return "what was done changes";
    }
    for (int i = before.cursor(); i < Math.min(now.cursor(), now.steps().size()); i++) {
      if (now.steps().get(i).state() != FlowStep.State.DONE) {
        return "its cursor is beyond a step that is not done";
      }
    }
    if (runsTwice(before, now)) {
      return "a step that must not run twice does so";
    }
    return null;
  }

  private static boolean runsTwice(Entry before, Entry now) {
    if (now.cursor() != before.cursor() || now.cursor() >= now.steps().size()) {
      return false;
    }
    FlowStep step = now.steps().get(now.cursor());
    return step.repeat().equals(Repeat.NEVER.name())
        && step.state() == FlowStep.State.INTENDED
        && before.cursor() < before.steps().size()
        && before.steps().get(before.cursor()).state() != FlowStep.State.PLANNED;
  }
}
