package dev.ironic.core.conductor;

import dev.ironic.core.model.FlowStep;
import dev.ironic.core.model.Node;
import dev.ironic.core.states.ProvisionEvent;
import dev.ironic.driver.RescueInterface;
import dev.ironic.driver.StepResult;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Boots the instance again after a rescue. */
final class UnrescuePlan implements FlowPlan {

  @Override
  public List<FlowStep> opening(Node node, Map<String, @Nullable Object> context) {
    return List.of(FlowRun.own("unrescue"));
  }

  @Override
  public StepResult execute(FlowRun run, FlowStep step) {
    run.task().driver(RescueInterface.class).unrescue(run.task());
    return StepResult.done();
  }

  @Override
  public Node finished(FlowRun run, Node node) {
    return StateChange.plain(
        AgentKeys.forget(RescuePlan.withoutPassword(node)), ProvisionEvent.DONE, null);
  }

  @Override
  public void cleanUp(FlowRun run, Ending ending) {}

  @Override
  public Node failed(FlowRun run, Node node, Ending ending, String reason) {
    return StateChange.plain(node.with(b -> b.lastError(reason)), ProvisionEvent.FAIL, null);
  }

  @Override
  public @Nullable StepTrack track() {
    return null;
  }

  @Override
  public String eventType() {
    return "rescue";
  }
}
