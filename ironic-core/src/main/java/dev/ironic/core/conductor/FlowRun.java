package dev.ironic.core.conductor;

import dev.ironic.core.RequestContext;
import dev.ironic.core.model.Flow;
import dev.ironic.core.model.FlowStep;
import dev.ironic.core.model.Node;
import dev.ironic.core.store.Store;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.Repeat;
import dev.ironic.driver.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A flow in the hands of a worker: the task with the node's lock, and the journal. Changes of the
 * journal are collected and stored together with the node's change by {@link #commit}.
 */
final class FlowRun {

  /** The interface name of the conductor's own steps in the journal. */
  static final String OWN = "conductor";

  private final TaskManager tasks;
  private final Task task;
  private Flow flow;

  FlowRun(TaskManager tasks, Task task, Flow flow) {
    this.tasks = tasks;
    this.task = task;
    this.flow = flow;
  }

  /** A step of the conductor itself. */
  static FlowStep own(String name) {
    return new FlowStep(
        OWN,
        name,
        Map.of(),
        0,
        false,
        false,
        Repeat.IDEMPOTENT.name(),
        FlowStep.State.PLANNED,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** A driver's step, to be run. */
  static FlowStep planned(Step step) {
    return new FlowStep(
        step.interfaceKind().wireName(),
        step.name(),
        step.args(),
        step.priority(),
        step.abortable(),
        step.requiresRamdisk(),
        step.repeat().name(),
        FlowStep.State.PLANNED,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** The driver's step that a row of the journal stands for. */
  static Step step(FlowStep row) {
    return new Step(
        InterfaceKind.ofWireName(row.interfaceName())
            .orElseThrow(
                () -> new IllegalStateException(row.interfaceName() + " is no interface kind")),
        row.step(),
        row.priority(),
        row.abortable(),
        row.requiresRamdisk(),
        Repeat.valueOf(row.repeat()),
        Map.of(),
        row.args());
  }

  Task task() {
    return task;
  }

  Node node() {
    return task.model();
  }

  Flow flow() {
    return flow;
  }

  Store store() {
    return tasks.store();
  }

  ConductorOptions options() {
    return tasks.options();
  }

  Instant now() {
    return tasks.clock().instant();
  }

  boolean atEnd() {
    return flow.cursor() >= flow.steps().size();
  }

  FlowStep current() {
    return flow.steps().get(flow.cursor());
  }

  /** The value of a key that the flow keeps for itself. */
  @Nullable Object value(String key) {
    return flow.context().get(key);
  }

  boolean flag(String key) {
    return Boolean.TRUE.equals(flow.context().get(key));
  }

  /** Keeps a value, or forgets it when null; stored with the next commit. */
  void keep(String key, @Nullable Object value) {
    var context = new LinkedHashMap<>(flow.context());
    if (value == null) {
      context.remove(key);
    } else {
      context.put(key, value);
    }
    flow = flow.with(b -> b.context(context));
  }

  /** Changes the flow in memory. */
  void edit(UnaryOperator<Flow> change) {
    flow = change.apply(flow);
  }

  /** Changes the step at the cursor in memory. */
  void editStep(UnaryOperator<FlowStep> change) {
    var steps = new ArrayList<>(flow.steps());
    steps.set(flow.cursor(), change.apply(current()));
    flow = flow.with(b -> b.steps(List.copyOf(steps)));
  }

  /** Replaces the steps after the one at the cursor, in memory. */
  void replaceRest(List<FlowStep> rest) {
    var steps = new ArrayList<>(flow.steps().subList(0, flow.cursor() + 1));
    steps.addAll(rest);
    flow = flow.with(b -> b.steps(List.copyOf(steps)));
  }

  /** The drivers' steps up to the cursor: those that have run, or run now. */
  List<FlowStep> driverStepsBehind() {
    return flow.steps().subList(0, Math.min(flow.cursor() + 1, flow.steps().size())).stream()
        .filter(step -> !step.interfaceName().equals(OWN))
        .toList();
  }

  /** Where the step at the cursor stands among the drivers' steps. */
  int driverIndex() {
    return driverStepsBehind().size() - 1;
  }

  /** Marks the step at the cursor as done and moves on; stored with the next commit. */
  void stepDone() {
    editStep(step -> step.with(b -> b.state(FlowStep.State.DONE).endedAt(now())));
    flow = flow.with(b -> b.cursor(flow.cursor() + 1));
  }

  /** Ends the flow; stored with the next commit. */
  void end(Flow.State state, @Nullable String error) {
    flow = flow.with(b -> b.state(state).endedAt(now()).error(error));
  }

  /** Stores the journal and a change of the node in one transaction. */
  void commit(UnaryOperator<Node> change) {
    commit(change, () -> {});
  }

  /** The same with more to be stored. */
  void commit(UnaryOperator<Node> change, Runnable more) {
    Flow wanted = flow.with(b -> b.conductor(tasks.host()));
    flow =
        tasks
            .store()
            .inTransaction(
                () -> {
                  task.save(change);
                  Flow saved = tasks.store().flows().save(task.lock(), wanted);
                  more.run();
                  return saved;
                });
  }

  /** The request that a flow goes back to. */
  static RequestContext askedBy(Flow flow) {
    return new RequestContext(
        flow.requestId() == null ? "req-" + flow.uuid() : flow.requestId(),
        flow.user(),
        flow.project(),
        List.of(),
        null,
        null);
  }
}
