package dev.ironic.core.conductor;

import dev.ironic.core.model.FlowKind;
import dev.ironic.core.model.FlowStep;
import dev.ironic.core.model.Node;
import dev.ironic.core.states.ProvisionEvent;
import dev.ironic.driver.ConsoleInterface;
import dev.ironic.driver.RescueInterface;
import dev.ironic.driver.StepResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the instance off the machine; whatever comes of it, the instance's data go. */
final class TearDownPlan implements FlowPlan {

  /** Key of the flow: whether the node was in rescue, or on the way to or from it. */
  static final String RESCUED = "rescued";

  private static final Logger LOG = LoggerFactory.getLogger(TearDownPlan.class);

  @Override
  public List<FlowStep> opening(Node node, Map<String, @Nullable Object> context) {
    return List.of(FlowRun.own("tear_down"), FlowRun.own("release_instance"));
  }

  @Override
  public StepResult execute(FlowRun run, FlowStep step) {
    Task task = run.task();
    if (step.step().equals("release_instance")) {
      release(task);
      return StepResult.done();
    }
    if (run.flag(RESCUED)) {
      task.driver(RescueInterface.class).cleanUp(task);
    }
    if (task.model().consoleEnabled()) {
      stopConsole(task);
    }
    task.deploy().cleanUp(task);
    task.deploy().tearDown(task);
    return StepResult.done();
  }

  private static void stopConsole(Task task) {
    try {
      task.driver(ConsoleInterface.class).stopConsole(task);
      task.save(node -> node.with(b -> b.consoleEnabled(false)));
    } catch (RuntimeException e) {
      Failures.rethrowIfLockLost(e);
      LOG.warn("The console cannot be stopped: {}", e.getMessage());
    }
  }

  /** Networks and the allocation are of the instance, too. */
  private static void release(Task task) {
    try {
      for (String vif : task.network().vifs(task)) {
        task.network().detachVif(task, vif);
      }
    } catch (RuntimeException e) {
      Failures.rethrowIfLockLost(e);
      LOG.warn("Virtual interfaces cannot be detached: {}", e.getMessage());
    }
    Long allocationId = task.model().allocationId();
    if (allocationId != null) {
      task.store()
          .allocations()
          .findById(allocationId)
          .ifPresent(allocation -> task.store().allocations().delete(allocation));
      task.reload();
    }
  }

  private static Node emptied(Node node) {
    Map<String, @Nullable Object> internal =
        NodeChange.remove(
            node.driverInternalInfo(),
            "instance",
            "root_uuid_or_disk_id",
            "is_whole_disk_image",
            "is_source_a_path",
            "image_source",
            "deploy_boot_mode",
            "automatic_lessee",
            "original_deploy_interface");
    boolean automaticLessee =
        Boolean.TRUE.equals(node.driverInternalInfo().get("automatic_lessee"));
    return node.withDriverInternalInfo(internal)
        .with(
            b -> {
              b.instanceInfo(Map.of()).instanceUuid(null).instanceName(null);
              if (automaticLessee) {
                b.lessee(null);
              }
            });
  }

  @Override
  public Node finished(FlowRun run, Node node) {
    return StateChange.starting(emptied(node), ProvisionEvent.CLEAN, null);
  }

  @Override
  public Optional<FlowKind> successor(FlowRun run) {
    return Optional.of(FlowKind.AUTOMATED_CLEAN);
  }

  @Override
  public void cleanUp(FlowRun run, Ending ending) {
    release(run.task());
  }

  @Override
  public Node failed(FlowRun run, Node node, Ending ending, String reason) {
    return StateChange.plain(
        emptied(node).with(b -> b.lastError(reason)), ProvisionEvent.FAIL, null);
  }

  @Override
  public @Nullable StepTrack track() {
    return null;
  }

  @Override
  public String eventType() {
    return "unprovision";
  }
}
