package dev.ironic.core.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.core.IronicException;
import dev.ironic.core.model.Flow;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.Heartbeat;
import dev.ironic.driver.StepProgress;
import dev.ironic.driver.StepResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Flows that wait for an agent, for a poll or for a user. */
class WaitTest {

  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  private Node deployUntilWaiting() {
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    rig.script.on("deploy", StepResult.waiting());
    rig.deploy(node);
    return rig.awaitState(node, ProvisionState.WAIT_CALL_BACK);
  }

  private Node cleanUntilWaiting() {
    Node node = rig.createIn(ProvisionState.MANAGEABLE);
    rig.script.on("prepareSteps", StepResult.waiting());
    rig.act(node, "provide");
    return rig.awaitState(node, ProvisionState.CLEAN_WAIT);
  }

  @Test
  void aHeartbeatGoesOnWithTheDeployment() {
    Node node = deployUntilWaiting();
    assertThat(node.deployStep()).containsEntry("step", "deploy");
    assertThat(node.driverInternalInfo()).containsEntry("deploy_step_index", 0);
    rig.heartbeat(node);
    Node active = rig.awaitState(node, ProvisionState.ACTIVE);
    assertThat(rig.script.calls()).containsSubsequence("deploy", "probe deploy", "flash", "write");
    assertThat(active.driverInternalInfo()).doesNotContainKeys("agent_url", "agent_secret_token");
  }

  @Test
  void theAgentThatCleanedIsKnownOnlyWhereFastTrackMayUseIt() {
    assertThat(cleanedBy(Map.of()).driverInternalInfo())
        .doesNotContainKeys("agent_url", "agent_secret_token");
    assertThat(cleanedBy(Map.of("fast_track", true)).driverInternalInfo())
        .containsKeys("agent_url", "agent_secret_token");
  }

  private Node cleanedBy(Map<String, @Nullable Object> driverInfo) {
    Node node = rig.create("scripted", draft -> draft.with(b -> b.driverInfo(driverInfo)));
    rig.act(node, "manage");
    rig.awaitState(node, ProvisionState.MANAGEABLE);
    rig.script.on("prepareSteps", StepResult.waiting());
    rig.act(node, "provide");
    rig.awaitState(node, ProvisionState.CLEAN_WAIT);
    rig.heartbeat(node);
    return rig.awaitState(node, ProvisionState.AVAILABLE);
  }

  @Test
  void anAgentThatIsStillAtWorkKeepsTheNodeWaiting() {
    Node node = deployUntilWaiting();
    rig.script.on(
        "probe deploy", new StepResult.Waiting(StepProgress.bytes("writing", 50, 100L), null));
    rig.heartbeat(node);
    rig.await(node, n -> rig.script.count("probe deploy") == 1 && n.reservation() == null);
    assertThat(rig.node(node).provisionState()).isEqualTo(ProvisionState.WAIT_CALL_BACK);
    assertThat(rig.flow(node).steps().get(2).progressDone()).isEqualTo(50);
    rig.script.on("probe deploy", StepResult.failed("image is bad"));
    rig.heartbeat(node);
    Node failed = rig.awaitState(node, ProvisionState.DEPLOY_FAILED);
    assertThat(failed.lastError()).isEqualTo("image is bad");
  }

  @Test
  void aStepIsPolled() {
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    rig.script.on("deploy", StepResult.pollAfter(Duration.ofSeconds(30), null));
    rig.script.on("probe deploy", StepResult.pollAfter(Duration.ofSeconds(10), null));
    rig.deploy(node);
    rig.awaitState(node, ProvisionState.WAIT_CALL_BACK);
    rig.time.advance(Duration.ofSeconds(29));
    assertThat(rig.script.count("probe deploy")).isZero();
    rig.time.advance(Duration.ofSeconds(1));
    rig.await(node, n -> rig.script.count("probe deploy") == 1 && n.reservation() == null);
    rig.script.on("probe deploy", StepResult.done());
    rig.await(
        node,
        n -> {
          rig.time.advance(Duration.ofSeconds(1));
          return n.provisionState() == ProvisionState.ACTIVE;
        });
  }

  @Test
  void aBusyAgentIsAskedAgain() {
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    rig.script.fails("write", new DriverException(DriverException.Kind.AGENT_BUSY, "busy", null));
    rig.deploy(node);
    rig.awaitState(node, ProvisionState.WAIT_CALL_BACK);
    rig.script.on("write", StepResult.done());
    rig.heartbeat(node);
    rig.awaitState(node, ProvisionState.ACTIVE);
    assertThat(rig.script.count("write")).isEqualTo(2);
    assertThat(rig.script.calls()).doesNotContain("probe write");
  }

  @Test
  void cleaningWaitsForTheAgentBeforeItCollectsSteps() {
    Node node = cleanUntilWaiting();
    assertThat(node.cleanStep()).isEmpty();
    rig.heartbeat(node);
    rig.awaitState(node, ProvisionState.AVAILABLE);
    assertThat(rig.script.calls())
        .containsSubsequence("prepareSteps", "agentReady", "erase", "scrub", "tearDownSteps");
  }

  @Test
  void cleaningCanBeAborted() {
    Node node = cleanUntilWaiting();
    rig.act(node, "abort");
    Node aborted =
        rig.await(
            node,
            n ->
                n.provisionState() == ProvisionState.CLEAN_FAILED
                    && rig.flow(n).state() == Flow.State.ABORTED
                    && n.reservation() == null);
    assertThat(aborted.lastError()).isEqualTo("By request, the clean operation was aborted");
    assertThat(aborted.maintenance()).isFalse();
    assertThat(aborted.driverInternalInfo()).doesNotContainKey("agent_secret_token");
    assertThat(rig.script.calls()).contains("tearDownSteps");
  }

  @Test
  void aStepThatCannotBeAbortedRunsToItsEndFirst() {
    Node node = rig.createIn(ProvisionState.MANAGEABLE);
    rig.script.on("erase", StepResult.waiting());
    rig.act(node, "provide");
    rig.awaitState(node, ProvisionState.CLEAN_WAIT);
    rig.act(node, "abort");
    Node waiting = rig.node(node);
    assertThat(waiting.provisionState()).isEqualTo(ProvisionState.CLEAN_WAIT);
    assertThat(waiting.cleanStep()).containsEntry("abort_after", true);
    rig.heartbeat(node);
    Node aborted = rig.awaitState(node, ProvisionState.CLEAN_FAILED);
    assertThat(aborted.lastError()).startsWith("By request, the clean operation was aborted");
    assertThat(rig.script.calls()).doesNotContain("scrub");
  }

  @Test
  void aDeploymentCanBeAborted() {
    Node node = deployUntilWaiting();
    rig.act(node, "abort");
    Node aborted = rig.awaitState(node, ProvisionState.DEPLOY_FAILED);
    assertThat(aborted.lastError())
        .isEqualTo(
            "By request, the deploy operation was aborted during or after the completion of step"
                + " \"deploy.deploy\"");
    rig.await(node, n -> rig.script.calls().contains("cleanUp") && n.deployStep().isEmpty());
  }

  @Test
  void aNodeThatNobodyHearsOfTimesOut() {
    Node node = deployUntilWaiting();
    rig.script.on("probe deploy", StepResult.waiting());
    rig.time.advance(Duration.ofSeconds(1000));
    rig.heartbeat(node);
    rig.await(node, n -> rig.script.count("probe deploy") == 1 && n.reservation() == null);
    rig.time.advance(Duration.ofSeconds(1700));
    assertThat(rig.node(node).provisionState()).isEqualTo(ProvisionState.WAIT_CALL_BACK);
    Node failed =
        rig.await(
            node,
            n -> {
              rig.time.advance(Duration.ofSeconds(60));
              return n.provisionState() == ProvisionState.DEPLOY_FAILED && n.reservation() == null;
            });
    assertThat(failed.lastError()).startsWith("Timeout reached while waiting for callback");
  }

  @Test
  void heartbeatsDoNotMultiplyThePolls() {
    rig.script.on("deploy", StepResult.pollAfter(Duration.ofSeconds(10), null));
    rig.script.on("probe deploy", StepResult.pollAfter(Duration.ofSeconds(10), null));
    Node node = deployUntilWaiting();
    for (int beat = 1; beat <= 3; beat++) {
      int count = beat;
      rig.heartbeat(node);
      rig.await(node, n -> rig.script.count("probe deploy") == count && n.reservation() == null);
    }
    rig.time.advance(Duration.ofSeconds(10));
    rig.await(node, n -> rig.script.count("probe deploy") >= 4 && n.reservation() == null);
    rig.time.advance(Duration.ofSeconds(10));
    rig.await(node, n -> rig.script.count("probe deploy") >= 5 && n.reservation() == null);
    assertThat(rig.script.count("probe deploy")).isEqualTo(5);
  }

  @Test
  void aControllerThatIsAwayForAWhileIsWaitedFor() {
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    rig.script.fails("deploy", DriverException.unreachable("no answer", null));
    rig.deploy(node);
    rig.awaitState(node, ProvisionState.WAIT_CALL_BACK);
    assertThat(rig.flow(node).steps())
        .anySatisfy(step -> assertThat(step.message()).isEqualTo("no answer"));
    rig.script.on("deploy", StepResult.done());
    rig.time.advance(Duration.ofSeconds(5));
    assertThat(rig.awaitState(node, ProvisionState.ACTIVE).lastError()).isNull();
    assertThat(rig.script.count("deploy")).isEqualTo(2);
  }

  @Test
  void aControllerThatStaysAwayFailsTheDeployment() {
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    rig.script.fails("deploy", DriverException.unreachable("no answer", null));
    rig.deploy(node);
    rig.awaitState(node, ProvisionState.WAIT_CALL_BACK);
    rig.time.advance(Duration.ofSeconds(100));
    rig.await(node, n -> rig.script.count("deploy") == 2 && n.reservation() == null);
    assertThat(rig.node(node).provisionState()).isEqualTo(ProvisionState.WAIT_CALL_BACK);
    rig.time.advance(Duration.ofSeconds(100));
    Node failed = rig.awaitState(node, ProvisionState.DEPLOY_FAILED);
    assertThat(failed.lastError()).contains("no answer");
  }

  @Test
  void withoutPatienceADeploymentFailsAtOnce() {
    rig.with("step_unreachable_timeout", "0");
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    rig.script.fails("deploy", DriverException.unreachable("no answer", null));
    rig.deploy(node);
    rig.awaitState(node, ProvisionState.DEPLOY_FAILED);
    assertThat(rig.script.count("deploy")).isEqualTo(1);
  }

  @Test
  void aCleaningStepThatTimesOutMeansMaintenance() {
    Node node = rig.createIn(ProvisionState.MANAGEABLE);
    rig.script.on("erase", StepResult.waiting());
    rig.act(node, "provide");
    rig.awaitState(node, ProvisionState.CLEAN_WAIT);
    rig.time.advance(Duration.ofSeconds(1801));
    Node failed = rig.awaitState(node, ProvisionState.CLEAN_FAILED);
    assertThat(failed.maintenance()).isTrue();
    assertThat(failed.fault()).isEqualTo("clean failure");
  }

  @Test
  void aHeldNodeGoesOnWhenTold() {
    Node node = rig.createIn(ProvisionState.MANAGEABLE);
    rig.service()
        .doNodeClean(
            Rig.CONTEXT,
            node.uuid(),
            List.of(
                Map.of("interface", "deploy", "step", "hold"),
                Map.of("interface", "deploy", "step", "scrub")),
            true);
    Node held = rig.awaitState(node, ProvisionState.CLEAN_HOLD);
    assertThat(rig.script.calls()).doesNotContain("scrub");
    assertThat(held.targetProvisionState()).isEqualTo(ProvisionState.MANAGEABLE);
    rig.act(node, "unhold");
    rig.await(
        node,
        n -> {
          // The worker may find the node still locked by the request, and come back later.
          rig.time.advance(Duration.ofSeconds(1));
          return n.provisionState() == ProvisionState.MANAGEABLE && n.reservation() == null;
        });
    assertThat(rig.script.calls()).contains("scrub");
  }

  @Test
  void maintenanceStopsProgressButNotTheRecord() {
    Node node = deployUntilWaiting();
    rig.service().updateNode(Rig.CONTEXT, node, node.with(b -> b.maintenance(true)), false);
    rig.heartbeat(node);
    Node heard =
        rig.await(
            node, n -> n.driverInternalInfo().containsKey("agent_url") && n.reservation() == null);
    assertThat(heard.provisionState()).isEqualTo(ProvisionState.WAIT_CALL_BACK);
    assertThat(rig.script.calls()).doesNotContain("probe deploy");
  }

  @Test
  void aTokenIsShownOnceAndWithoutItNobodyIsHeard() {
    Node node = deployUntilWaiting();
    Object first =
        rig.service()
            .nodeWithToken(Rig.CONTEXT, node.uuid())
            .driverInternalInfo()
            .get("agent_secret_token");
    Object second =
        rig.service()
            .nodeWithToken(Rig.CONTEXT, node.uuid())
            .driverInternalInfo()
            .get("agent_secret_token");
    assertThat(String.valueOf(first)).hasSize(43);
    assertThat(second).isEqualTo("******");
    var heartbeat = new Heartbeat("http://192.0.2.1:9999", "9", null, null, null);
    assertThatThrownBy(() -> rig.service().heartbeat(Rig.CONTEXT, node.uuid(), heartbeat, "******"))
        .isInstanceOf(IronicException.class)
        .hasMessageContaining("Invalid or missing agent token");
    assertThatThrownBy(() -> rig.service().heartbeat(Rig.CONTEXT, node.uuid(), heartbeat, null))
        .hasMessageContaining("Invalid or missing agent token");
    assertThat(rig.node(node).driverInternalInfo()).doesNotContainKey("agent_url");
  }

  @Test
  void workThatFinishesByItselfGoesOn() {
    Node node = deployUntilWaiting();
    rig.script.on("power.validate", StepResult.done());
    rig.script.on(
        "power.state",
        task -> {
          task.resume();
          return StepResult.done();
        });
    rig.time.advance(Duration.ofSeconds(1));
    rig.service().changeNodePowerState(Rig.CONTEXT, node.uuid(), "power off", null);
    rig.await(
        node,
        n -> {
          rig.time.advance(Duration.ofSeconds(1));
          return n.provisionState() == ProvisionState.ACTIVE;
        });
  }
}
