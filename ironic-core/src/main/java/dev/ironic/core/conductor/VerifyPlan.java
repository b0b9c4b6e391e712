package dev.ironic.core.conductor;

import dev.ironic.core.model.FlowStep;
import dev.ironic.core.model.Node;
import dev.ironic.core.states.ProvisionEvent;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.Step;
import dev.ironic.driver.StepKind;
import dev.ironic.driver.StepResult;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Proves that the hardware can be controlled, and learns what it is. */
final class VerifyPlan implements FlowPlan {

  private final StepCatalog catalog;

  VerifyPlan(StepCatalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public List<FlowStep> opening(Node node, Map<String, @Nullable Object> context) {
    return List.of(FlowRun.own("verify"));
  }

  /** All verify steps run, also after a failure; what failed last is told. */
  @Override
  public StepResult execute(FlowRun run, FlowStep step) {
    Task task = run.task();
    String error = null;
    PowerState power = null;
    try {
      task.power().validate(task);
      power = task.power().powerState(task);
    } catch (RuntimeException e) {
      Failures.rethrowIfLockLost(e);
      error =
          "Failed to get power state for node %s. Error: %s"
              .formatted(task.model().uuid(), TaskManager.reason(e));
    }
    for (Step verify : catalog.automatic(task, StepKind.VERIFY)) {
      try {
        if (task.driver(verify.interfaceKind()).executeStep(task, StepKind.VERIFY, verify)
            instanceof StepResult.Failed failed) {
          error = failed.reason();
        }
      } catch (RuntimeException e) {
        Failures.rethrowIfLockLost(e);
        error =
            "Verify step %s failed: %s".formatted(verify.qualifiedName(), TaskManager.reason(e));
      }
    }
    if (error != null) {
      return StepResult.failed(error);
    }
    NodeCaches.refresh(task);
    PowerState seen = power;
    task.save(node -> node.with(b -> b.powerState(seen)));
    return StepResult.done();
  }

  @Override
  public Node finished(FlowRun run, Node node) {
    return StateChange.plain(node, ProvisionEvent.DONE, null);
  }

  @Override
  public void cleanUp(FlowRun run, Ending ending) {}

  @Override
  public Node failed(FlowRun run, Node node, Ending ending, String reason) {
    return StateChange.plain(node, ProvisionEvent.FAIL, null);
  }

  @Override
  public @Nullable StepTrack track() {
    return null;
  }

  @Override
  public String eventType() {
    return "verify";
  }
}
