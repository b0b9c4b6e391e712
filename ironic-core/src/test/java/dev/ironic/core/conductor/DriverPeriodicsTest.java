package dev.ironic.core.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ironic.core.conductor.Watched.Base;
import dev.ironic.core.conductor.Watched.Both;
import dev.ironic.core.conductor.Watched.Derived;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.NodeLock;
import dev.ironic.core.store.Query;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.Periodic;
import dev.ironic.driver.PowerInterface;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which nodes the periodic methods of drivers see. */
class DriverPeriodicsTest {

  private final PeriodicRig rig = new PeriodicRig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void onlyNodesOfExactlyThatClassAreSeen() {
    Node base = rig.nodeWith(InterfaceKind.POWER, "base");
    Node again = rig.nodeWith(InterfaceKind.POWER, "base-again");
    Node derived = rig.nodeWith(InterfaceKind.POWER, "derived");
    rig.nodeWith(InterfaceKind.POWER, "fake");
    rig.pass(100);
    assertThat(rig.watched.nodes(Base.class, "look"))
        .containsExactlyInAnyOrder(base.uuid(), again.uuid());
    assertThat(rig.watched.nodes(Derived.class, "look")).containsExactly(derived.uuid());
  }

  @Test
  void aClassIsVisitedOnceWhateverItServes() {
    Node powered = rig.nodeWith(InterfaceKind.POWER, "both");
    Node managed = rig.nodeWith(InterfaceKind.MANAGEMENT, "both");
    Node both =
        rig.node(
            n ->
                n.with(
                    b ->
                        b.interfaces(
                            Map.of(
                                InterfaceKind.POWER, "both", InterfaceKind.MANAGEMENT, "both"))));
    rig.pass(100);
    assertThat(rig.watched.nodes(Both.class, "look"))
        .containsExactlyInAnyOrder(powered.uuid(), managed.uuid(), both.uuid());
    assertThat(rig.conductor().periodics())
        .filteredOn(report -> report.name().endsWith("look"))
        .extracting(PeriodicReport::name)
        .containsExactlyInAnyOrder("Base.look", "Derived.look", "Both.look");
  }

  @Test
  void anOverridingMethodIsPeriodicOnlyIfItSaysSo() {
    assertThat(rig.spacings()).containsKey("Base.poll").doesNotContainKey("Derived.poll");
  }

  @Test
  void aMethodWithoutNodeRunsOnEachInstanceAndAtTheStartIfWanted() {
    rig.conductor();
    rig.pass(0);
    assertThat(rig.watched.nodes(Base.class, "refresh")).hasSize(2);
    assertThat(rig.watched.nodes(Derived.class, "refresh")).hasSize(1);
    rig.pass(99);
    assertThat(rig.watched.nodes(Base.class, "refresh")).hasSize(2);
    rig.pass(1);
    assertThat(rig.watched.nodes(Base.class, "refresh")).hasSize(4);
  }

  @Test
  void nodesOfOthersChildrenAndLockedOnesAreLeftOut() {
    Node mine = rig.node();
    rig.foreign();
    rig.node(n -> n.with(b -> b.parentNode(mine.uuid())));
    Node locked = rig.node();
    NodeLock lock = rig.store.nodes().reserve(locked.uuid(), "somebody");
    rig.pass(100);
    assertThat(rig.watched.nodes(Base.class, "look")).containsExactly(mine.uuid());
    rig.store.nodes().release(lock);
    rig.pass(100);
    assertThat(rig.watched.nodes(Base.class, "look"))
        .containsExactlyInAnyOrder(mine.uuid(), mine.uuid(), locked.uuid());
  }

  @Test
  void conditionsAreThoseOfTheAnnotation() {
    Node fits = rig.node(n -> working(n, ProvisionState.MANAGEABLE, false));
    Node sick = rig.node(n -> working(n, ProvisionState.MANAGEABLE, true));
    rig.node(n -> working(n, ProvisionState.ENROLL, false));
    rig.nodeIn(ProvisionState.AVAILABLE);
    rig.pass(100);
    assertThat(rig.watched.nodes(Base.class, "poll")).containsExactly(fits.uuid());
    assertThat(rig.watched.nodes(Base.class, "heal")).containsExactly(sick.uuid());
    assertThat(rig.watched.nodes(Base.class, "look")).hasSize(4);
  }

  private static Node working(Node node, ProvisionState state, boolean maintenance) {
    return node.with(
        b ->
            b.provisionState(state)
                .maintenance(maintenance)
                .driverInternalInfo(Map.of("job", "7")));
  }

  @Test
  void aRoundEndsAfterSoManyNodesThatCount() {
    for (int i = 0; i < 4; i++) {
      rig.node();
    }
    rig.node(n -> working(n, ProvisionState.ENROLL, false));
    rig.node(n -> working(n, ProvisionState.ENROLL, false));
    rig.pass(100);
    assertThat(rig.watched.nodes(Base.class, "few"))
        .hasSizeBetween(2, 4)
        .doesNotHaveDuplicates()
        .filteredOn(this::counts)
        .hasSize(2);
  }

  private boolean counts(String uuid) {
    return rig.store.nodes().get(uuid).driverInternalInfo().get("job") == null;
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', 0",
    "0, 30, 0",
    "false, 30, 0",
    "Off, 30, 0",
    "true, 0, 0",
    "true, '', 100",
    "90, 30, 30"
  })
  void optionsSwitchATaskAndSetItsSpacing(String enabled, String interval, long seconds) {
    if (!enabled.isEmpty()) {
      rig.with("watched.enabled", enabled);
    }
    if (!interval.isEmpty()) {
      rig.with("watched.interval", interval);
    }
    assertThat(rig.spacings().getOrDefault("Base.wanted", Duration.ZERO))
        .isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void aNodeThatHangsDoesNotDelayOthers() {
    Node stuck = rig.node();
    Set<String> others = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < 30; i++) {
      others.add(rig.node().uuid());
    }
    var release = new CountDownLatch(1);
    rig.watched.onLook(
        task -> {
          if (task.node().uuid().equals(stuck.uuid())) {
            awaitLatch(release);
          } else {
            others.remove(task.node().uuid());
          }
        });
    rig.time.advance(Duration.ofSeconds(100));
    await().until(others::isEmpty);
    assertThat(rig.report("Base.look").running()).isTrue();
    release.countDown();
    rig.settle();
    assertThat(rig.report("Base.look").runs()).isEqualTo(1);
  }

  @Test
  void notMoreNodesHaveTheirTurnAtATimeThanConfigured() {
    rig.with("conductor.periodic_max_workers", "3");
    for (int i = 0; i < 12; i++) {
      rig.node();
    }
    var now = new AtomicInteger();
    var most = new AtomicInteger();
    var together = new CountDownLatch(3);
    rig.watched.onLook(
        task -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          together.countDown();
          awaitLatch(together);
          now.decrementAndGet();
        });
    rig.pass(100);
    assertThat(rig.watched.nodes(Base.class, "look")).hasSize(12);
    assertThat(most).hasValue(3);
  }

  @Test
  void whatATurnThrowsEndsThatTurnAlone() {
    Node first = rig.node();
    Node second = rig.node();
    rig.watched.onLook(
        task -> {
          throw task.node().uuid().equals(first.uuid())
              ? DriverException.unreachable("no answer", null)
              : new IllegalStateException("by intention");
        });
    rig.pass(100);
    rig.pass(100);
    assertThat(rig.watched.nodes(Base.class, "look"))
        .containsExactlyInAnyOrder(first.uuid(), second.uuid(), first.uuid(), second.uuid());
    assertThat(rig.report("Base.look").failures()).isZero();
  }

  @Test
  void aNodeThatIsDeletedMeanwhileIsNothingToSpeakOf() {
    rig.with("conductor.periodic_max_workers", "1");
    rig.node();
    rig.node();
    rig.watched.onLook(
        task ->
            rig.store.nodes().list(Query.ALL).stream()
                .filter(node -> !node.uuid().equals(task.node().uuid()))
                .forEach(
                    node ->
                        rig.store
                            .nodes()
                            .delete(rig.store.nodes().reserve(node.uuid(), "test"), node)));
    rig.pass(100);
    assertThat(rig.watched.nodes(Base.class, "look")).hasSize(1);
    assertThat(rig.report("Base.look").failures()).isZero();
  }

  /** Cannot be called. */
  public static final class Hidden extends Watched.Silent {
    @Periodic(spacing = 1)
    void look(NodeTask task) {}
  }

  /** Asks for more than there is. */
  public static final class Greedy extends Watched.Silent {
    /** With too many parameters. */
    @Periodic(spacing = 1)
    public void look(NodeTask task, String more) {}
  }

  /** Names a state that does not exist. */
  public static final class Lost extends Watched.Silent {
    /** For nodes that cannot be. */
    @Periodic(
        spacing = 1,
        states = {"on holiday"})
    public void look(NodeTask task) {}
  }

  /** Names an option without its group. */
  public static final class Vague extends Watched.Silent {
    /** Every so often. */
    @Periodic(spacing = 1, spacingOption = "interval")
    public void look(NodeTask task) {}
  }

  @Test
  void aMethodThatCannotBeCalledAsDeclaredStopsTheStart() {
    refused(new Hidden(), "must be public");
    refused(new Greedy(), "no parameter, or one of type NodeTask");
    refused(new Lost(), "'on holiday' is not a provision state");
    refused(new Vague(), "'interval'; write group.option");
  }

  private static void refused(PowerInterface wrong, String why) {
    try (var rig = new PeriodicRig()) {
      rig.with("DEFAULT.enabled_power_interfaces", "base,fake,extra");
      rig.watched.offer(wrong);
      assertThatThrownBy(rig::conductor)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(wrong.getClass().getSimpleName() + ".look")
          .hasMessageContaining(why);
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
