package dev.ironic.core.conductor;

import dev.ironic.driver.NodeTask;
import dev.ironic.driver.StepResult;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** What the scripted hardware does, and what was done with it. Thread-safe. */
final class Script {

  private final Map<String, Function<NodeTask, StepResult>> answers = new ConcurrentHashMap<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();

  /** From now on, an action does this. */
  void on(String action, Function<NodeTask, StepResult> answer) {
    answers.put(action, answer);
  }

  /** From now on, an action answers this. */
  void on(String action, StepResult answer) {
    on(action, task -> answer);
  }

  /** From now on, an action fails. */
  void fails(String action, RuntimeException failure) {
    on(
        action,
        task -> {
          throw failure;
        });
  }

  StepResult does(String action, NodeTask task) {
    calls.add(action);
    Function<NodeTask, StepResult> answer = answers.get(action);
    return answer == null ? StepResult.done() : answer.apply(task);
  }

  List<String> calls() {
    return List.copyOf(calls);
  }

  long count(String action) {
    return calls.stream().filter(action::equals).count();
  }

  void forgetCalls() {
    calls.clear();
  }
}
