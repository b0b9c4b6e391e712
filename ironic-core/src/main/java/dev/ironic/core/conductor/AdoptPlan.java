package dev.ironic.core.conductor;

import dev.ironic.core.model.FlowStep;
import dev.ironic.core.model.Node;
import dev.ironic.core.states.ProvisionEvent;
import dev.ironic.driver.StepResult;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Takes in a machine that somebody else deployed. */
final class AdoptPlan implements FlowPlan {

  private final LongSupplier conductorId;

  AdoptPlan(LongSupplier conductorId) {
    this.conductorId = conductorId;
  }

  @Override
  public List<FlowStep> opening(Node node, Map<String, @Nullable Object> context) {
    return List.of(FlowRun.own("adopt"));
  }

  @Override
  public StepResult execute(FlowRun run, FlowStep step) {
    Task task = run.task();
    try {
      boolean localBoot =
          "local".equals(capability(task.model()))
              || !task.model().instanceInfo().containsKey("image_source");
      if (!localBoot) {
        task.boot().validate(task);
      }
      task.deploy().prepare(task);
      task.deploy().takeOver(task);
      return StepResult.done();
    } catch (RuntimeException e) {
      Failures.rethrowIfLockLost(e);
      return StepResult.failed(
          "Error while attempting to adopt node %s: %s"
              .formatted(task.model().uuid(), TaskManager.reason(e)));
    }
  }

  private static @Nullable Object capability(Node node) {
    return node.instanceInfo().get("capabilities") instanceof Map<?, ?> map
        ? map.get("boot_option")
        : null;
  }

  @Override
  public Node finished(FlowRun run, Node node) {
    return StateChange.plain(
        node.with(b -> b.conductorAffinity(conductorId.getAsLong())), ProvisionEvent.DONE, null);
  }

  @Override
  public void cleanUp(FlowRun run, Ending ending) {}

  @Override
  public Node failed(FlowRun run, Node node, Ending ending, String reason) {
    return StateChange.plain(
        node.with(b -> b.lastError(reason).powerState(null)), ProvisionEvent.FAIL, null);
  }

  @Override
  public @Nullable StepTrack track() {
    return null;
  }

  @Override
  public String eventType() {
    return "adoption";
  }
}
