package dev.ironic.core.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.DatabaseException;
import dev.ironic.core.store.NodeLock;
import dev.ironic.driver.StepResult;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of nodes that another conductor served, or locked when it died. */
class TakeOverTest {

  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  private final Rig rig = new Rig().with("graceful_shutdown_timeout", "5");

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void anActiveNodeThatMovesIsTakenOverAndGivenUp() {
    Node node = rig.createIn(ProvisionState.ACTIVE);
    rig.conductor();
    rig.time.advance(HEARTBEAT);
    // Names are tried until the ring gives the node to the newcomer: half of them get it.
    for (int tried = 0; tried < 100; tried++) {
      try (Conductor other = rig.start("cond-other-" + tried, rig.store)) {
        rig.time.advance(HEARTBEAT);
        Awaitility.await()
            .until(() -> rig.conductor().busyWorkers() == 0 && other.busyWorkers() == 0);
        rig.time.advance(HEARTBEAT);
        Awaitility.await()
            .until(() -> rig.conductor().busyWorkers() == 0 && other.busyWorkers() == 0);
        if (rig.node(node).conductorAffinity() == other.id()) {
          Awaitility.await()
              .until(
                  () -> {
                    rig.time.advance(Duration.ofMinutes(3));
                    return rig.script.count("giveUp") == 1;
                  });
          assertThat(rig.script.calls()).containsSubsequence("prepare", "takeOver", "giveUp");
          return;
        }
      }
    }
    throw new AssertionError("no conductor took the node over");
  }

  private Node change(Node node, UnaryOperator<Node> change) {
    NodeLock lock = rig.store.nodes().reserve(node.uuid(), "test");
    Node before = rig.node(node);
    Node after = rig.store.nodes().update(lock, before, change.apply(before));
    rig.store.nodes().release(lock);
    return after;
  }

  @Test
  void aChildNodeStaysLockedByItsDeadConductor() {
    Node parent = rig.create();
    Node child = rig.create("scripted", n -> n.with(b -> b.parentNode(parent.uuid())));
    rig.store.conductors().register("dead", "", List.of(), List.of(), "elsewhere 1 0 1");
    rig.store.nodes().reserve(child.uuid(), "dead");
    rig.store.nodes().reserve(parent.uuid(), "dead");
    rig.await(
        parent,
        now -> {
          rig.time.advance(HEARTBEAT);
          return now.provisionState() == ProvisionState.ENROLL && now.reservation() == null;
        });
    assertThat(rig.node(child).reservation()).isEqualTo("dead");
  }

  @Test
  void anActiveChildNodeIsNotTakenOver() {
    Node parent = rig.createIn(ProvisionState.ACTIVE);
    Node child = rig.createIn(ProvisionState.ACTIVE);
    rig.restart();
    long other =
        rig.store.conductors().register("other", "", List.of(), List.of(), "elsewhere 1 0 1").id();
    change(child, n -> n.with(b -> b.parentNode(parent.uuid()).conductorAffinity(other)));
    change(parent, n -> n.with(b -> b.conductorAffinity(other)));
    long self = rig.conductor().id();
    rig.await(
        parent,
        now -> {
          rig.time.advance(HEARTBEAT);
          return now.conductorAffinity() == self;
        });
    Awaitility.await().until(() -> rig.conductor().busyWorkers() == 0);
    assertThat(rig.script.count("takeOver")).isEqualTo(1);
    assertThat(rig.node(child).conductorAffinity()).isEqualTo(other);
  }

  @Test
  void aTakeOverThatLostTheDatabaseIsDoneLater() {
    Node node = rig.createIn(ProvisionState.ACTIVE);
    long other =
        rig.store.conductors().register("other", "", List.of(), List.of(), "elsewhere 1 0 1").id();
    change(node, n -> n.with(b -> b.conductorAffinity(other)));
    var before = new AtomicInteger();
    rig.script.on(
        "takeOver",
        task -> {
          if (before.getAndIncrement() == 0) {
            throw new DatabaseException("The database is away", new IOException("cut off"));
          }
          return StepResult.done();
        });
    long self = rig.conductor().id();
    Node taken =
        rig.await(
            node,
            now -> {
              rig.time.advance(HEARTBEAT);
              return now.conductorAffinity() == self;
            });
    assertThat(before).hasValue(2);
    assertThat(taken.lastError()).isNull();
  }
}
