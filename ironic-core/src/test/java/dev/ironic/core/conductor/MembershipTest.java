package dev.ironic.core.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.ConductorRecord;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.StepResult;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several conductors: who is alive, who goes on with what, and who must not any more. */
class MembershipTest {

  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  private final Rig rig = new Rig().with("graceful_shutdown_timeout", "5");

  @AfterEach
  void close() {
    rig.close();
  }

  private ConductorRecord row(String host) {
    return rig.store.conductors().get(host);
  }

  /** Lets time pass until something is so. */
  private void passUntil(Node node, ProvisionState state) {
    rig.await(
        node,
        now -> {
          rig.time.advance(HEARTBEAT);
          return now.provisionState() == state && now.reservation() == null;
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** A step that tells that it runs, and goes on when it may. */
  private final class Pause {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    StepResult hold(NodeTask task) {
      reached.countDown();
      await(released);
      return StepResult.done();
    }

    void awaitReached() {
      Awaitility.await().until(() -> reached.getCount() == 0);
    }
  }

  @Test
  void aNameBelongsToOneConductor() {
    Conductor first = rig.conductor();
    ConductorBuilder second =
        rig.builder("cond-1", rig.store).sleeper(this::passWhileTheOtherLives);
    assertThatThrownBy(second::start)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cond-1")
        .hasMessageContaining("[DEFAULT] host");
    assertThat(row("cond-1").online()).isTrue();
    assertThat(row("cond-1").id()).isEqualTo(first.id());
  }

  /** Time passes, but not before the one who has the name has given its signs of life. */
  private void passWhileTheOtherLives(Duration duration) {
    rig.time.advance(duration);
    Instant due = rig.time.instant().minus(HEARTBEAT);
    Awaitility.await().until(() -> !row("cond-1").updatedAt().isBefore(due));
  }

  @Test
  void ofManyThatStartAtOnceOneGetsTheName() throws Exception {
    int starters = 6;
    var together = new CyclicBarrier(starters);
    var started = new ConcurrentLinkedQueue<Conductor>();
    var refused = new AtomicInteger();
    try (var threads = Executors.newFixedThreadPool(starters)) {
      for (int i = 0; i < starters; i++) {
        ConductorBuilder each =
            rig.builder("cond-1", rig.store).sleeper(this::passWhileTheOtherLives);
        threads.submit(
            () -> {
              together.await();
              try {
                started.add(each.start());
              } catch (IllegalArgumentException e) {
                refused.incrementAndGet();
              }
              return null;
            });
      }
    }
    started.forEach(Conductor::close);
    assertThat(started).hasSize(1);
    assertThat(refused).hasValue(starters - 1);
  }

  @Test
  void aConductorThatEndedLeavesItsNameFree() {
    rig.conductor();
    rig.restart();
    Instant before = rig.time.instant();
    rig.conductor();
    assertThat(rig.time.instant()).isEqualTo(before);
  }

  @Test
  void aProcessThatIsGoneLeavesItsNameFree() throws IOException, InterruptedException {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Incarnation self = Incarnation.ofThisProcess("here", new Random(1));
    var killed = new Incarnation(self.place(), gone.pid(), self.startedAt(), "1");
    rig.store.conductors().register("cond-1", "", List.of(), List.of(), killed.text());
    Instant before = rig.time.instant();
    rig.conductor();
    assertThat(rig.time.instant()).isEqualTo(before);
  }

  @Test
  void aMachineThatIsSilentLeavesItsNameFreeWhenItsLeaseHasRunOut() {
    var elsewhere = new Incarnation("elsewhere", 1, Instant.EPOCH, "1");
    rig.store.conductors().register("cond-1", "", List.of(), List.of(), elsewhere.text());
    Instant before = rig.time.instant();
    rig.conductor();
    assertThat(Duration.between(before, rig.time.instant()))
        .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(62));
  }

  @Test
  void aConductorWhoseNameWasTakenEndsItsWork() throws InterruptedException {
    Conductor conductor = rig.conductor();
    var other = new Incarnation("elsewhere", 1, Instant.EPOCH, "1");
    rig.store
        .conductors()
        .register("cond-1", "", List.of(), List.of(), other.text(), row("cond-1"));
    rig.time.advance(HEARTBEAT);
    conductor.awaitDrained();
    assertThat(conductor.service().drainReport(Rig.CONTEXT).draining()).isTrue();
    rig.restart();
    assertThat(row("cond-1").incarnation()).isEqualTo(other.text());
    assertThat(row("cond-1").online()).isTrue();
  }

  @Test
  void aConductorThatWasRemovedAsDeadRegistersAgain() {
    Conductor conductor = rig.conductor();
    conductor.advertise("tcp://192.0.2.7:8089");
    rig.store.conductors().delete(row("cond-1"));
    rig.time.advance(HEARTBEAT);
    Awaitility.await().until(() -> rig.store.conductors().find("cond-1").isPresent());
    Awaitility.await().until(() -> conductor.id() == row("cond-1").id());
    assertThat(row("cond-1").rpcAddress()).isEqualTo("tcp://192.0.2.7:8089");
  }

  @Test
  void aConductorThatWasRemovedLeavesItsNameToWhoTookIt() throws InterruptedException {
    Conductor conductor = rig.conductor();
    conductor.advertise("tcp://192.0.2.7:8089");
    rig.store.conductors().delete(row("cond-1"));
    rig.store.conductors().register("cond-1", "", List.of(), List.of(), "another");
    rig.time.advance(HEARTBEAT);
    conductor.awaitDrained();
    conductor.advertise("tcp://192.0.2.7:8089");
    assertThat(row("cond-1").incarnation()).isEqualTo("another");
    assertThat(row("cond-1").rpcAddress()).isNull();
  }

  @Test
  void noCommandIsGivenAfterTheNodeWentToAnother() {
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    rig.restart();
    var cuttable = new CuttableStore(rig.store);
    var pause = new Pause();
    var commands = new AtomicInteger();
    var refused = new CompletableFuture<Fault>();
    rig.script.on(
        "deploy",
        task -> {
          pause.hold(task);
          try {
            task.requireOwner();
          } catch (IronicException e) {
            refused.complete(e.fault());
            throw e;
          }
          commands.incrementAndGet();
          return StepResult.done();
        });
    try (Conductor doomed =
        rig.builder("cond-1", cuttable.store())
            .sleeper(duration -> TimeUnit.MILLISECONDS.sleep(1))
            .start()) {
      doomed.service().doNodeDeploy(Rig.CONTEXT, node.uuid(), false, null, null);
      pause.awaitReached();
      cuttable.cut();
      rig.script.on("deploy", StepResult.done());
      try (Conductor heir = rig.start("cond-2", rig.store)) {
        passUntil(node, ProvisionState.ACTIVE);
        assertThat(rig.flow(node).conductor()).isEqualTo(heir.host());
        // The lease is over, so the step waits, although it could reach the machine.
        pause.released.countDown();
        cuttable.mend();
        Awaitility.await()
            .until(
                () -> {
                  rig.time.advance(HEARTBEAT);
                  return refused.isDone();
                });
      }
    }
    assertThat(refused).isCompletedWithValue(Fault.LOCK_LOST);
    assertThat(commands).hasValue(0);
    assertThat(rig.node(node).lastError()).isNull();
    assertThat(rig.script.count("flash")).isEqualTo(1);
  }

  /**
   * The lease is 60 s, or 6 s, after the last sign of life; the last part of it is no time to
   * begin.
   */
  @ParameterizedTest
  @CsvSource({"10, 60, 49, true", "10, 60, 50, false", "1, 6, 4, true", "1, 6, 5, false"})
  void aCommandBeginsOnlyWhileItHasTimeToArrive(
      int interval, int timeout, int silence, boolean begins) {
    rig.with("heartbeat_interval", String.valueOf(interval))
        .with("heartbeat_timeout", String.valueOf(timeout));
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    rig.restart();
    var cuttable = new CuttableStore(rig.store);
    var pause = new Pause();
    var waits = new AtomicInteger();
    var commands = new AtomicInteger();
    rig.script.on(
        "deploy",
        task -> {
          pause.hold(task);
          task.requireOwner();
          commands.incrementAndGet();
          return StepResult.done();
        });
    try (Conductor only =
        rig.builder("cond-1", cuttable.store())
            .sleeper(
                duration -> {
                  waits.incrementAndGet();
                  TimeUnit.MILLISECONDS.sleep(1);
                })
            .start()) {
      only.service().doNodeDeploy(Rig.CONTEXT, node.uuid(), false, null, null);
      pause.awaitReached();
      waits.set(0);
      cuttable.cut();
      rig.time.advance(Duration.ofSeconds(silence));
      pause.released.countDown();
      Awaitility.await().until(() -> commands.get() > 0 || waits.get() > 10);
      assertThat(commands).hasValue(begins ? 1 : 0);
      cuttable.mend();
      passUntil(node, ProvisionState.ACTIVE);
    }
    // What was done while the database was away is not in the journal, and is done again.
    assertThat(commands).hasValue(begins ? 2 : 1);
    assertThat(rig.node(node).lastError()).isNull();
  }

  @Test
  void aSignOfLifeThatArrivesTooLateKeepsNoLock() {
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    rig.restart();
    var cuttable = new CuttableStore(rig.store);
    var pause = new Pause();
    var arrives = new CountDownLatch(1);
    var underWay = new CountDownLatch(1);
    var refused = new CompletableFuture<Fault>();
    rig.script.on(
        "deploy",
        task -> {
          pause.hold(task);
          try {
            task.requireOwner();
            refused.complete(null);
          } catch (IronicException e) {
            refused.complete(e.fault());
            throw e;
          }
          return StepResult.done();
        });
    try (Conductor slow =
        rig.builder("cond-1", cuttable.store())
            .sleeper(duration -> TimeUnit.MILLISECONDS.sleep(1))
            .start()) {
      slow.service().doNodeDeploy(Rig.CONTEXT, node.uuid(), false, null, null);
      pause.awaitReached();
      cuttable.cut();
      rig.time.advance(Duration.ofSeconds(45));
      cuttable.delaySign(
          () -> {
            underWay.countDown();
            await(arrives);
          });
      cuttable.mend();
      // Sent some seconds before the lease ends.
      Awaitility.await()
          .pollInterval(Duration.ofMillis(5))
          .until(
              () -> {
                rig.time.advance(Duration.ofSeconds(1));
                return underWay.getCount() == 0;
              });
      rig.script.on("deploy", StepResult.done());
      try (Conductor heir = rig.start("cond-2", rig.store)) {
        rig.await(
            node,
            now -> {
              rig.time.advance(Duration.ofSeconds(1));
              return now.provisionState() == ProvisionState.ACTIVE && now.reservation() == null;
            });
        assertThat(rig.flow(node).conductor()).isEqualTo(heir.host());
        arrives.countDown();
        pause.released.countDown();
        Awaitility.await().until(refused::isDone);
      }
    }
    assertThat(refused).isCompletedWithValue(Fault.LOCK_LOST);
  }

  @Test
  void whatWasAskedOfPowerIsDoneByTheNextConductor() {
    Node node = rig.createIn(ProvisionState.ACTIVE);
    rig.restart();
    var cuttable = new CuttableStore(rig.store);
    var pause = new Pause();
    rig.script.on("power.reboot", pause::hold);
    try (Conductor doomed = rig.start("cond-1", cuttable.store())) {
      doomed.service().changeNodePowerState(Rig.CONTEXT, node.uuid(), "rebooting", null);
      pause.awaitReached();
      cuttable.cut();
      rig.script.forgetCalls();
      rig.script.on("power.reboot", StepResult.done());
      try (Conductor heir = rig.start("cond-2", rig.store)) {
        rig.await(
            node,
            now -> {
              rig.time.advance(HEARTBEAT);
              return now.targetPowerState() == null && now.reservation() == null;
            });
        assertThat(heir.host()).isEqualTo("cond-2");
      }
      pause.released.countDown();
    }
    assertThat(rig.script.count("power.reboot")).isEqualTo(1);
    assertThat(rig.node(node).lastError()).isNull();
    assertThat(rig.node(node).powerState()).isEqualTo(PowerState.POWER_ON);
    assertThat(rig.node(node).driverInternalInfo()).doesNotContainKey("power_action");
  }

  @Test
  void workGoesOnWhenTheDatabaseWasAwayForLong() {
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    rig.restart();
    var cuttable = new CuttableStore(rig.store);
    var pause = new Pause();
    rig.script.on("deploy", pause::hold);
    try (Conductor only = rig.start("cond-1", cuttable.store())) {
      only.service().doNodeDeploy(Rig.CONTEXT, node.uuid(), false, null, null);
      pause.awaitReached();
      cuttable.cut();
      rig.script.on("deploy", StepResult.done());
      rig.time.advance(Duration.ofMinutes(5));
      pause.released.countDown();
      Awaitility.await().until(() -> only.busyWorkers() == 0);
      assertThat(rig.node(node).reservation()).isEqualTo("cond-1");
      cuttable.mend();
      passUntil(node, ProvisionState.ACTIVE);
    }
    assertThat(rig.node(node).lastError()).isNull();
    assertThat(rig.script.count("flash")).isEqualTo(1);
  }

  @Test
  void aWaitingFlowIsPolledByAnotherWhenItsConductorDied() {
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    rig.restart();
    var cuttable = new CuttableStore(rig.store);
    rig.script.on("deploy", StepResult.pollAfter(Duration.ofMinutes(2), null));
    try (Conductor doomed = rig.start("cond-1", cuttable.store())) {
      doomed.service().doNodeDeploy(Rig.CONTEXT, node.uuid(), false, null, null);
      rig.awaitState(node, ProvisionState.WAIT_CALL_BACK);
      cuttable.cut();
    }
    assertThat(rig.script.count("probe deploy")).isZero();
    try (Conductor heir = rig.start("cond-2", rig.store)) {
      passUntil(node, ProvisionState.ACTIVE);
      assertThat(rig.flow(node).conductor()).isEqualTo(heir.host());
    }
  }

  @Test
  void aDrainedConductorHandsItsFlowOverAtTheNextStep() throws InterruptedException {
    Node node = rig.createIn(ProvisionState.AVAILABLE);
    rig.restart();
    var pause = new Pause();
    rig.script.on("deploy", pause::hold);
    Conductor leaving = rig.start("cond-1", rig.store);
    leaving.service().doNodeDeploy(Rig.CONTEXT, node.uuid(), false, null, null);
    pause.awaitReached();
    try (Conductor heir = rig.start("cond-2", rig.store)) {
      ConductorService.DrainReport report = leaving.service().drain(Rig.CONTEXT);
      assertThat(report.draining()).isTrue();
      assertThat(report.running()).isEqualTo(1);
      assertThat(report.nodes()).containsExactly(node.uuid());
      assertThat(row("cond-1").online()).isFalse();
      assertThatThrownBy(() -> leaving.service().destroyNode(Rig.CONTEXT, node.uuid()))
          .isInstanceOfSatisfying(
              IronicException.class, e -> assertThat(e.fault()).isEqualTo(Fault.NOT_TAKEN));
      rig.time.advance(Duration.ofMinutes(2));
      assertThat(rig.node(node).reservation()).isEqualTo("cond-1");
      pause.released.countDown();
      leaving.awaitDrained();
      assertThat(leaving.service().drainReport(Rig.CONTEXT).nodes()).isEmpty();
      leaving.close();
      passUntil(node, ProvisionState.ACTIVE);
      assertThat(rig.flow(node).conductor()).isEqualTo(heir.host());
    }
    assertThat(rig.script.count("deploy")).isEqualTo(1);
    assertThat(rig.script.count("flash")).isEqualTo(1);
    assertThat(rig.node(node).lastError()).isNull();
  }
}
