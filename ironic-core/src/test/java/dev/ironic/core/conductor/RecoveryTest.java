package dev.ironic.core.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.Flow;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.states.ProvisionEvent;
import dev.ironic.core.store.NodeLock;
import dev.ironic.core.store.Query;
import dev.ironic.driver.StepResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of work when a conductor dies. */
class RecoveryTest {

  private final Rig rig = new Rig().with("graceful_shutdown_timeout", "1");

  @AfterEach
  void close() {
    rig.close();
  }

  /** A deployment of six steps: whatever record was the last, the next conductor goes on. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  void aDeploymentSurvivesItsConductorAfterEachRecord(int records) {
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    rig.restart();
    // The step that must not run twice is a test of its own.
    rig.script.on("probe write", StepResult.done());
    var cuttable = new CuttableStore(rig.store);
    try (Conductor doomed = rig.start("cond-1", cuttable.store())) {
      cuttable.cutAfterJournalRecords(records);
      doomed.service().doNodeDeploy(Rig.CONTEXT, node.uuid(), false, null, null);
      Awaitility.await().atMost(Duration.ofSeconds(10)).until(cuttable::isCut);
    }
    ProvisionState left = rig.node(node).provisionState();
    rig.conductor();
    if (wasFlashing(records)) {
      Node failed = rig.awaitState(node, ProvisionState.DEPLOY_FAILED);
      assertThat(failed.lastError()).contains("must not run twice");
      return;
    }
    Node active = rig.awaitState(node, ProvisionState.ACTIVE);
    assertThat(active.lastError()).isNull();
    assertThat(rig.script.count("flash")).isEqualTo(1);
    assertThat(rig.flow(node).state()).isEqualTo(Flow.State.DONE);
    assertThat(left).isIn(ProvisionState.DEPLOYING, ProvisionState.ACTIVE);
  }

  /** Record 5 says that the flash step is about to run, and nothing after it arrived. */
  private static boolean wasFlashing(int records) {
    return records == 5;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  void cleaningSurvivesItsConductorAfterEachRecord(int records) {
    Node node = rig.createIn(ProvisionState.MANAGEABLE);
    rig.restart();
    var cuttable = new CuttableStore(rig.store);
    try (Conductor doomed = rig.start("cond-1", cuttable.store())) {
      cuttable.cutAfterJournalRecords(records);
      doomed.service().doProvisioningAction(Rig.CONTEXT, node.uuid(), "provide");
      Awaitility.await().atMost(Duration.ofSeconds(10)).until(cuttable::isCut);
    }
    rig.conductor();
    Node available = rig.awaitState(node, ProvisionState.AVAILABLE);
    assertThat(available.maintenance()).isFalse();
    assertThat(rig.script.calls()).contains("erase", "scrub", "tearDownSteps");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void aFailureIsToldEvenIfItsConductorDies(int records) {
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    rig.restart();
    rig.script.on("deploy", StepResult.failed("no medium"));
    var cuttable = new CuttableStore(rig.store);
    try (Conductor doomed = rig.start("cond-1", cuttable.store())) {
      cuttable.cutAfterJournalRecords(records);
      doomed.service().doNodeDeploy(Rig.CONTEXT, node.uuid(), false, null, null);
      Awaitility.await().atMost(Duration.ofSeconds(10)).until(cuttable::isCut);
    }
    rig.conductor();
    Node failed = rig.awaitState(node, ProvisionState.DEPLOY_FAILED);
    assertThat(failed.lastError()).isEqualTo("no medium");
    assertThat(rig.script.calls()).contains("cleanUp");
  }

  @Test
  void aRunningStepIsCutShortAtCloseAndGoesOnAfterwards() {
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    var reached = new CountDownLatch(1);
    rig.script.on(
        "deploy",
        task -> {
          reached.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
          }
          return StepResult.done();
        });
    rig.deploy(node);
    Awaitility.await().until(() -> reached.getCount() == 0);
    rig.restart();
    assertThat(rig.node(node).provisionState()).isEqualTo(ProvisionState.DEPLOYING);
    assertThat(rig.node(node).lastError()).isNull();
    rig.script.on("deploy", StepResult.done());
    rig.conductor();
    rig.awaitState(node, ProvisionState.ACTIVE);
  }

  @Test
  void waitingNodesOutliveTheirConductor() {
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    rig.script.on("deploy", StepResult.waiting());
    rig.deploy(node);
    rig.awaitState(node, ProvisionState.WAIT_CALL_BACK);
    rig.restart();
    rig.conductor();
    assertThat(rig.script.calls()).doesNotContain("probe deploy");
    rig.heartbeat(node);
    rig.awaitState(node, ProvisionState.ACTIVE);
  }

  @Test
  void anotherConductorTakesOverFromADeadOne() {
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    rig.restart();
    rig.script.on("probe write", StepResult.done());
    var cuttable = new CuttableStore(rig.store);
    var reached = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    try (Conductor doomed = rig.start("cond-1", cuttable.store());
        Conductor heir = rig.start("cond-2", rig.store)) {
      rig.script.on(
          "write",
          task -> {
            reached.countDown();
            try {
              release.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException("interrupted", e);
            }
            task.update(change -> change.internal("late", true));
            return StepResult.done();
          });
      doomed.service().doNodeDeploy(Rig.CONTEXT, node.uuid(), false, null, null);
      Awaitility.await().until(() -> reached.getCount() == 0);
      // The first one pauses: its keep-alive is not heard for long.
      cuttable.silence();
      Node active =
          rig.await(
              node,
              n -> {
                rig.time.advance(Duration.ofSeconds(61));
                return n.provisionState() == ProvisionState.ACTIVE && n.reservation() == null;
              });
      assertThat(active.conductorAffinity()).isNotNull();
      // It wakes up and finds that it may not write any more.
      release.countDown();
      Awaitility.await().until(() -> rig.script.count("write") >= 1);
      assertThat(heir.host()).isEqualTo("cond-2");
    }
    assertThat(rig.node(node).driverInternalInfo()).doesNotContainKey("late");
    assertThat(rig.node(node).provisionState()).isEqualTo(ProvisionState.ACTIVE);
  }

  @Test
  void aLostLockMakesWritesFail() {
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    NodeLock old = rig.store.nodes().reserve(node.uuid(), "cond-0");
    rig.store.nodes().seize(node.uuid(), "cond-0", "cond-9", Duration.ofSeconds(1));
    Node now = rig.node(node);
    assertThatThrownBy(
            () ->
                rig.store
                    .nodes()
                    .update(old, now, StateChange.plain(now, ProvisionEvent.MANAGE, null)))
        .isInstanceOfSatisfying(
            IronicException.class, e -> assertThat(e.fault()).isEqualTo(Fault.LOCK_LOST));
  }

  @Test
  void nodesAtWorkWithoutAJournalFailAtStart() {
    Node node = rig.createIn(ProvisionState.MANAGEABLE);
    rig.restart();
    NodeLock lock = rig.store.nodes().reserve(node.uuid(), "cond-1");
    Node before = rig.node(node);
    rig.store
        .nodes()
        .update(lock, before, StateChange.starting(before, ProvisionEvent.PROVIDE, null));
    rig.conductor();
    Node failed = rig.awaitState(node, ProvisionState.CLEAN_FAILED);
    assertThat(failed.lastError()).contains("no conductor works on it");
  }

  @Test
  void twoConductorsInOneProgramLeaveNothingBehind() {
    rig.createIn(ProvisionState.AVAILABLE);
    try (Conductor other = rig.start("cond-2", rig.store)) {
      assertThat(other.id()).isNotEqualTo(rig.conductor().id());
    }
    rig.restart();
    assertThat(rig.store.conductors().list(Query.ALL))
        .allSatisfy(row -> assertThat(row.online()).isFalse());
    List<String> threads =
        Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    assertThat(threads).noneMatch(name -> name.contains("conductor cond-"));
  }
}
