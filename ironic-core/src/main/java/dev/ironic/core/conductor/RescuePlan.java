package dev.ironic.core.conductor;

import dev.ironic.core.model.FlowStep;
import dev.ironic.core.model.Node;
import dev.ironic.core.states.ProvisionEvent;
import dev.ironic.core.states.ProvisionMachine;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.RescueInterface;
import dev.ironic.driver.StepResult;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Boots the rescue system. */
final class RescuePlan implements FlowPlan {

  @Override
  public List<FlowStep> opening(Node node, Map<String, @Nullable Object> context) {
    return List.of(FlowRun.own("rescue"));
  }

  @Override
  public StepResult execute(FlowRun run, FlowStep step) {
    return run.task().driver(RescueInterface.class).rescue(run.task());
  }

  @Override
  public StepResult probe(FlowRun run, FlowStep step) {
    Task task = run.task();
    RescueInterface rescue = task.driver(RescueInterface.class);
    StepResult result = rescue.finalizeRescue(task);
    if (result instanceof StepResult.Done) {
      rescue.cleanUp(task);
      task.network().configureTenantNetworks(task);
    }
    return result;
  }

  @Override
  public Node finished(FlowRun run, Node node) {
    return StateChange.plain(withoutPassword(node), ProvisionEvent.DONE, null);
  }

  @Override
  public void cleanUp(FlowRun run, Ending ending) {
    Task task = run.task();
    try {
      if (ending != Ending.ABORT && !task.model().staysOn()) {
        task.powerAction(PowerState.POWER_OFF);
      }
    } finally {
      task.driver(RescueInterface.class).cleanUp(task);
    }
  }

  @Override
  public Node failed(FlowRun run, Node node, Ending ending, String reason) {
    Node wiped = AgentKeys.forget(withoutPassword(node)).with(b -> b.lastError(reason));
    return ProvisionMachine.next(wiped.provisionState(), ProvisionEvent.FAIL).isPresent()
        ? StateChange.plain(wiped, ProvisionEvent.FAIL, null)
        : wiped;
  }

  static Node withoutPassword(Node node) {
    return node.withInstanceInfo(
        NodeChange.remove(node.instanceInfo(), "rescue_password", "hashed_rescue_password"));
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
