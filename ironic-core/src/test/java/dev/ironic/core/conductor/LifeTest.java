package dev.ironic.core.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Flow;
import dev.ironic.core.model.FlowStep;
import dev.ironic.core.model.HistoryEntry;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.Query;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.StepResult;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LifeTest {

  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void aNodeLivesFromEnrolmentToDeploymentAndBack() {
    Node node = rig.create();
    rig.act(node, "manage");
    Node managed = rig.awaitState(node, ProvisionState.MANAGEABLE);
    assertThat(managed.powerState()).isEqualTo(PowerState.POWER_OFF);
    assertThat(managed.targetProvisionState()).isNull();

    rig.act(node, "provide");
    Node available = rig.awaitState(node, ProvisionState.AVAILABLE);
    assertThat(rig.script.calls())
        .containsSubsequence("prepareSteps", "erase", "scrub", "tearDownSteps");
    assertThat(available.driverInternalInfo()).containsEntry("clean_steps", null);
    assertThat(available.cleanStep()).isEmpty();

    rig.deploy(node);
    Node active = rig.awaitState(node, ProvisionState.ACTIVE);
    assertThat(rig.script.calls()).containsSubsequence("prepare", "deploy", "flash", "write");
    assertThat(active.conductorAffinity()).isEqualTo(rig.conductor().id());
    assertThat(active.lastError()).isNull();
    assertThat(rig.flow(node).state()).isEqualTo(Flow.State.DONE);
    assertThat(rig.flow(node).steps())
        .allSatisfy(
            step -> {
              assertThat(step.state()).isEqualTo(FlowStep.State.DONE);
              assertThat(step.startedAt()).isNotNull();
              assertThat(step.endedAt()).isNotNull();
            });

    rig.service().doNodeTearDown(Rig.CONTEXT, node.uuid());
    Node back = rig.awaitState(node, ProvisionState.AVAILABLE);
    assertThat(rig.script.calls()).containsSubsequence("cleanUp", "tearDown", "erase");
    assertThat(back.instanceInfo()).isEmpty();
  }

  @Test
  void fakeHardwareLivesToo() {
    Node node = rig.create("fake-hardware", n -> n);
    rig.act(node, "manage");
    rig.awaitState(node, ProvisionState.MANAGEABLE);
    rig.act(node, "provide");
    rig.awaitState(node, ProvisionState.AVAILABLE);
    rig.deploy(node);
    rig.awaitState(node, ProvisionState.ACTIVE);
  }

  @Test
  void historyTellsWhatHappened() {
    Node node = rig.createIn(ProvisionState.ACTIVE);
    assertThat(rig.store.nodes().history(node.id(), Query.ALL))
        .extracting(HistoryEntry::eventType)
        .containsExactly(
            "automated_cleaning_start",
            "automated_cleaning_end",
            "deployment_start",
            "deployment_end");
    assertThat(rig.store.nodes().history(node.id(), Query.ALL))
        .allSatisfy(
            entry -> {
              assertThat(entry.user()).isEqualTo("ada");
              assertThat(entry.conductor()).isEqualTo("cond-1");
            });
  }

  @Test
  void verificationFailsWithoutPower() {
    rig.script.fails("power.state", DriverException.unreachable("no answer", null));
    Node node = rig.create();
    rig.act(node, "manage");
    Node failed = rig.await(node, n -> n.lastError() != null && n.reservation() == null);
    assertThat(failed.provisionState()).isEqualTo(ProvisionState.ENROLL);
    assertThat(failed.lastError()).contains("no answer");
  }

  @Test
  void aFailedDeployStepFailsTheDeployment() {
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    rig.script.on("write", StepResult.failed("disk on fire"));
    rig.deploy(node);
    Node failed = rig.awaitState(node, ProvisionState.DEPLOY_FAILED);
    assertThat(failed.lastError()).isEqualTo("disk on fire");
    assertThat(failed.targetProvisionState()).isEqualTo(ProvisionState.ACTIVE);
    assertThat(failed.deployStep()).isEmpty();
    assertThat(rig.script.calls()).endsWith("cleanUp");
    assertThat(rig.flow(node).state()).isEqualTo(Flow.State.FAILED);
    assertThat(rig.flow(node).error()).isEqualTo("disk on fire");
  }

  @Test
  void aFailedCleanStepMeansMaintenance() {
    Node node = rig.createIn(ProvisionState.MANAGEABLE);
    rig.script.fails("erase", DriverException.failed("disk refuses", null));
    rig.act(node, "provide");
    Node failed = rig.awaitState(node, ProvisionState.CLEAN_FAILED);
    assertThat(failed.maintenance()).isTrue();
    assertThat(failed.fault()).isEqualTo("clean failure");
    assertThat(failed.lastError()).contains("disk refuses");
    assertThat(failed.targetProvisionState()).isEqualTo(ProvisionState.AVAILABLE);
  }

  @Test
  void aFailureBeforeTheFirstCleanStepLeavesMaintenanceAlone() {
    Node node = rig.createIn(ProvisionState.MANAGEABLE);
    rig.script.fails("prepareSteps", DriverException.failed("no network", null));
    rig.act(node, "provide");
    Node failed = rig.awaitState(node, ProvisionState.CLEAN_FAILED);
    assertThat(failed.maintenance()).isFalse();
    assertThat(failed.fault()).isNull();
  }

  @Test
  void aFailedTearDownStillForgetsTheInstance() {
    Node node = rig.createIn(ProvisionState.ACTIVE);
    String instance = UUID.randomUUID().toString();
    Node updated =
        rig.service()
            .updateNode(
                Rig.CONTEXT,
                node,
                node.with(b -> b.instanceUuid(instance).instanceInfo(Map.of("image_source", "x"))),
                false);
    assertThat(updated.instanceUuid()).isEqualTo(instance);
    rig.script.fails("tearDown", DriverException.failed("cannot power off", null));
    rig.service().doNodeTearDown(Rig.CONTEXT, node.uuid());
    Node failed = rig.awaitState(node, ProvisionState.ERROR);
    assertThat(failed.instanceUuid()).isNull();
    assertThat(failed.instanceInfo()).isEmpty();
    assertThat(failed.lastError()).contains("cannot power off");
  }

  @Test
  void manualCleaningRunsTheStepsGivenAndEndsManageable() {
    Node node = rig.createIn(ProvisionState.MANAGEABLE);
    rig.service()
        .doNodeClean(
            Rig.CONTEXT,
            node.uuid(),
            List.of(
                Map.of("interface", "deploy", "step", "scrub"),
                Map.of("interface", "power", "step", "power_on"),
                Map.of("interface", "deploy", "step", "erase")),
            false);
    Node cleaned =
        rig.await(
            node, n -> n.provisionState() == ProvisionState.MANAGEABLE && n.reservation() == null);
    assertThat(cleaned.powerState()).isEqualTo(PowerState.POWER_ON);
    assertThat(rig.script.calls()).containsSubsequence("scrub", "power.power on", "erase");
  }

  @Test
  void manualCleaningWithoutNeedDoesNotBootTheRamdisk() {
    Node node = rig.createIn(ProvisionState.MANAGEABLE);
    rig.service()
        .doNodeClean(
            Rig.CONTEXT,
            node.uuid(),
            List.of(Map.of("interface", "deploy", "step", "scrub")),
            false);
    rig.await(
        node, n -> n.provisionState() == ProvisionState.MANAGEABLE && n.reservation() == null);
    assertThat(rig.script.calls()).contains("scrub").doesNotContain("prepareSteps");
  }

  @Test
  void anUnknownCleanStepFailsOnceTheAgentIsKnown() {
    Node node = rig.createIn(ProvisionState.MANAGEABLE);
    rig.service()
        .doNodeClean(
            Rig.CONTEXT,
            node.uuid(),
            List.of(Map.of("interface", "deploy", "step", "nosuch")),
            false);
    Node failed = rig.awaitState(node, ProvisionState.CLEAN_FAILED);
    assertThat(failed.maintenance()).isFalse();
    assertThat(failed.targetProvisionState()).isEqualTo(ProvisionState.MANAGEABLE);
    assertThat(failed.lastError())
        .contains("node does not support this clean step")
        .contains("nosuch");
  }

  @Test
  void rescueAndUnrescue() {
    Node node = rig.createIn(ProvisionState.ACTIVE);
    rig.service().doNodeRescue(Rig.CONTEXT, node.uuid(), "secret");
    Node rescued = rig.awaitState(node, ProvisionState.RESCUE);
    assertThat(rescued.instanceInfo()).doesNotContainKey("rescue_password");
    rig.service().doNodeUnrescue(Rig.CONTEXT, node.uuid());
    rig.awaitState(node, ProvisionState.ACTIVE);
  }

  @Test
  void adoptionTakesInAndFailsCleanly() {
    Node node = rig.createIn(ProvisionState.MANAGEABLE);
    rig.script.fails("takeOver", DriverException.failed("not ours", null));
    rig.act(node, "adopt");
    Node failed = rig.awaitState(node, ProvisionState.ADOPT_FAILED);
    assertThat(failed.lastError()).contains("not ours");
    assertThat(failed.powerState()).isNull();
    rig.script.on("takeOver", StepResult.done());
    rig.act(node, "adopt");
    rig.awaitState(node, ProvisionState.ACTIVE);
  }

  @Test
  void serviceRunsStepsOnADeployedNode() {
    Node node = rig.createIn(ProvisionState.ACTIVE);
    rig.service()
        .doNodeService(
            Rig.CONTEXT,
            node.uuid(),
            List.of(Map.of("interface", "deploy", "step", "erase")),
            false);
    rig.await(node, n -> n.provisionState() == ProvisionState.ACTIVE && n.reservation() == null);
    assertThat(rig.script.calls()).containsSubsequence("prepareSteps", "erase", "tearDownSteps");
  }

  @Test
  void anUnknownServiceStepCountsAsBegun() {
    Node node = rig.createIn(ProvisionState.ACTIVE);
    rig.service()
        .doNodeService(
            Rig.CONTEXT,
            node.uuid(),
            List.of(Map.of("interface", "deploy", "step", "nosuch")),
            false);
    Node failed = rig.awaitState(node, ProvisionState.SERVICE_FAILED);
    assertThat(failed.fault()).isEqualTo("service failure");
    assertThat(failed.maintenance()).isTrue();
    assertThat(failed.lastError()).contains("nosuch");
    assertThat(failed.serviceStep()).isEmpty();
    assertThat(rig.store.nodes().history(node.id(), Query.ALL))
        .extracting(HistoryEntry::eventType)
        .endsWith("servicing_start", "servicing_end", "servicing");
  }

  @Test
  void wrongArgumentsOfACleanStepFailTheCleaning() {
    Node node = rig.createIn(ProvisionState.MANAGEABLE);
    rig.service()
        .doNodeClean(
            Rig.CONTEXT,
            node.uuid(),
            List.of(Map.of("interface", "deploy", "step", "erase", "args", Map.of("no", "such"))),
            false);
    Node failed = rig.awaitState(node, ProvisionState.CLEAN_FAILED);
    assertThat(failed.lastError()).contains("unexpected arguments: no");
    assertThat(failed.maintenance()).isFalse();
  }

  @Test
  void aStepThatBreaksIsInTheHistoryWithItsList() {
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    rig.script.fails("write", DriverException.failed("disk on fire", null));
    rig.deploy(node);
    rig.awaitState(node, ProvisionState.DEPLOY_FAILED);
    assertThat(rig.store.nodes().history(node.id(), Query.ALL))
        .filteredOn(entry -> entry.eventType().equals("deployment_end"))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.severity()).isEqualTo("ERROR");
              assertThat(entry.event())
                  .startsWith("Deployment aborted at step 'write' with steps=");
            });
  }

  @Test
  void theCoreStepOfADeploymentCanOnlyBeLeftOut() {
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    Map<String, Object> core = Map.of("interface", "deploy", "step", "deploy", "args", Map.of());
    var replaced = new java.util.HashMap<>(core);
    replaced.put("priority", 100L);
    assertThatThrownBy(
            () ->
                rig.service()
                    .doNodeDeploy(Rig.CONTEXT, node.uuid(), false, null, List.of(replaced)))
        .isInstanceOf(IronicException.class)
        .hasMessageContaining("can't be replaced");
    replaced.put("priority", 0L);
    rig.service().doNodeDeploy(Rig.CONTEXT, node.uuid(), false, null, List.of(replaced));
    rig.awaitState(node, ProvisionState.ACTIVE);
    assertThat(rig.script.calls()).doesNotContain("deploy").contains("write");
  }

  /** Has all three workers wait until the latch opens. */
  private CountDownLatch fillPool() {
    var block = new CountDownLatch(1);
    rig.script.on(
        "power.power on",
        task -> {
          try {
            block.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return StepResult.done();
        });
    for (int i = 0; i < 3; i++) {
      rig.service().changeNodePowerState(Rig.CONTEXT, rig.create().uuid(), "power on", null);
    }
    return block;
  }

  private static void assertNoWorker(ThrowingCallable request) {
    assertThatThrownBy(request)
        .isInstanceOfSatisfying(
            IronicException.class,
            e -> assertThat(e.fault()).isEqualTo(Fault.NO_FREE_CONDUCTOR_WORKER));
  }

  @Test
  void aFullPoolLeavesNodeAndJournalAsTheyWere() {
    rig.with("workers_pool_size", "3").with("reserved_workers_pool_percentage", "0");
    Node node = rig.createIn(ProvisionState.MANAGEABLE);
    List<Flow> flows = rig.store.flows().ofNode(node.id(), 10);
    CountDownLatch block = fillPool();
    assertNoWorker(() -> rig.act(node, "provide"));
    assertNoWorker(
        () -> rig.service().changeNodePowerState(Rig.CONTEXT, node.uuid(), "power on", null));
    Node after = rig.node(node);
    assertThat(after.provisionState()).isEqualTo(ProvisionState.MANAGEABLE);
    assertThat(after.targetProvisionState()).isNull();
    assertThat(after.targetPowerState()).isNull();
    assertThat(after.driverInternalInfo()).isEqualTo(node.driverInternalInfo());
    assertThat(after.reservation()).isNull();
    assertThat(after.lastError()).contains("No free conductor workers");
    assertThat(rig.store.flows().ofNode(node.id(), 10)).isEqualTo(flows);
    block.countDown();
    Awaitility.await().until(() -> rig.conductor().busyWorkers() == 0);
    rig.act(node, "provide");
    rig.awaitState(node, ProvisionState.AVAILABLE);
  }

  @Test
  void aFullPoolDoesNotEndAFlowThatWaits() {
    rig.with("workers_pool_size", "3").with("reserved_workers_pool_percentage", "0");
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    rig.script.on("deploy", StepResult.waiting());
    rig.deploy(node);
    rig.awaitState(node, ProvisionState.WAIT_CALL_BACK);
    List<Flow> flows = rig.store.flows().ofNode(node.id(), 10);
    CountDownLatch block = fillPool();
    assertNoWorker(() -> rig.service().doNodeTearDown(Rig.CONTEXT, node.uuid()));
    assertNoWorker(() -> rig.act(node, "abort"));
    assertThat(rig.node(node).provisionState()).isEqualTo(ProvisionState.WAIT_CALL_BACK);
    assertThat(rig.store.flows().ofNode(node.id(), 10)).isEqualTo(flows);
    block.countDown();
    Awaitility.await().until(() -> rig.conductor().busyWorkers() == 0);
    rig.act(node, "abort");
    rig.awaitState(node, ProvisionState.DEPLOY_FAILED);
    assertThat(rig.flow(node).state()).isEqualTo(Flow.State.ABORTED);
  }

  @Test
  void verbsAreRefusedWhereTheyMakeNoSense() {
    Node node = rig.create();
    assertThatThrownBy(() -> rig.deploy(node))
        .hasMessage(
            "The requested action \"active\" can not be performed on node \"%s\" while it is in state \"enroll\"."
                .formatted(node.uuid()));
    assertThat(rig.node(node).reservation()).isNull();
  }
}
