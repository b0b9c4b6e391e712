package dev.ironic.core.store;

import static dev.ironic.core.store.Drafts.assertFault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ironic.core.Fault;
import dev.ironic.core.model.Flow;
import dev.ironic.core.model.FlowStep;
import dev.ironic.core.model.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Engine.class)
final class FlowStoreTest {

  @Parameter Engine engine;
  private final ManualClock clock = new ManualClock();
  private Store store;
  private FlowRepository flows;
  private Node node;
  private NodeLock lock;

  @BeforeEach
  void open() {
    store = engine.open(clock);
    flows = store.flows();
    node = store.nodes().insert(Drafts.node());
    lock = store.nodes().reserve(node.uuid(), "one");
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static Flow withFirst(Flow flow, UnaryOperator<FlowStep> change) {
    var steps = new ArrayList<>(flow.steps());
    steps.set(0, change.apply(steps.getFirst()));
    return flow.with(b -> b.steps(List.copyOf(steps)));
  }

  @Test
  void aFlowComesBackAsItWasStored() {
    Flow draft = Drafts.flow(node, clock.instant());
    Flow opened = flows.open(lock, draft);
    assertThat(opened).isEqualTo(draft.with(b -> b.id(opened.id())));
    assertThat(flows.living(node.id())).contains(opened);
    Flow intended =
        flows.save(
            lock,
            withFirst(
                opened,
                step ->
                    step.with(b -> b.state(FlowStep.State.INTENDED).startedAt(clock.instant()))));
    assertThat(flows.living(node.id())).contains(intended);
    Flow ended =
        flows.save(lock, intended.with(b -> b.state(Flow.State.DONE).endedAt(clock.instant())));
    assertThat(flows.living(node.id())).isEmpty();
    assertThat(flows.ofNode(node.id(), 5)).containsExactly(ended);
  }

  @Test
  void aNewFlowEndsTheOneBefore() {
    Flow first = flows.open(lock, Drafts.flow(node, clock.instant()));
    Flow second = flows.open(lock, Drafts.flow(node, clock.instant()));
    assertThat(flows.living(node.id())).contains(second);
    List<Flow> all = flows.ofNode(node.id(), 5);
    assertThat(all).extracting(Flow::uuid).containsExactly(second.uuid(), first.uuid());
    assertThat(all.get(1).state()).isEqualTo(Flow.State.FAILED);
    assertThat(all.get(1).error()).contains("deploy");
    assertThat(flows.ofNode(node.id(), 1)).hasSize(1);
  }

  @Test
  void aFlowIsIdleWhenNobodyHoldsItsNode() {
    Flow flow = flows.open(lock, Drafts.flow(node, clock.instant()));
    assertThat(flows.idleNodes(Flow.State.RUNNING)).isEmpty();
    store.nodes().release(lock);
    assertThat(flows.idleNodes(Flow.State.RUNNING)).containsExactly(node.uuid());
    assertThat(flows.idleNodes(Flow.State.WAITING)).isEmpty();
    NodeLock again = store.nodes().reserve(node.uuid(), "one");
    flows.save(again, flow.with(b -> b.state(Flow.State.WAITING)));
    store.nodes().release(again);
    assertThat(flows.idleNodes(Flow.State.WAITING)).containsExactly(node.uuid());
    assertThat(flows.idleNodes(Flow.State.RUNNING)).isEmpty();
  }

  @Test
  void withoutTheLockNothingIsWritten() {
    Flow flow = flows.open(lock, Drafts.flow(node, clock.instant()));
    store.nodes().seize(node.uuid(), "one", "two", Duration.ofSeconds(1));
    assertFault(Fault.LOCK_LOST, () -> flows.save(lock, flow.with(b -> b.cursor(1))));
    assertFault(Fault.LOCK_LOST, () -> flows.open(lock, Drafts.flow(node, clock.instant())));
    assertThat(flows.living(node.id())).contains(flow);
  }

  @Test
  void progressShowsUntilTheStepMovesOn() {
    Flow running =
        flows.save(
            lock,
            withFirst(
                flows.open(lock, Drafts.flow(node, clock.instant())),
                step -> step.with(b -> b.state(FlowStep.State.INTENDED))));
    Flow halfWay =
        withFirst(
            running,
            step -> step.with(b -> b.message("writing").progressDone(5L).progressTotal(10L)));
    flows.saveProgress(halfWay);
    assertThat(flows.living(node.id())).contains(halfWay);

    Flow done = withFirst(running, step -> step.with(b -> b.state(FlowStep.State.DONE)));
    flows.save(lock, done);
    flows.saveProgress(halfWay);
    assertThat(flows.living(node.id())).contains(done);
  }

  @Test
  void aFlowThatEndedHasATime() {
    Flow flow = flows.open(lock, Drafts.flow(node, clock.instant()));
    assertThatThrownBy(() -> flows.save(lock, flow.with(b -> b.state(Flow.State.DONE))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theNodeAndItsFlowChangeTogether() {
    Flow flow = flows.open(lock, Drafts.flow(node, clock.instant()));
    assertThatThrownBy(
            () ->
                store.inTransaction(
                    () -> {
                      store.nodes().update(lock, node, node.with(b -> b.lastError("x")));
                      assertThat(store.nodes().get(node.uuid()).lastError()).isEqualTo("x");
                      flows.save(lock, flow.with(b -> b.cursor(1)));
                      throw new IllegalStateException("power cut");
                    }))
        .hasMessage("power cut");
    assertThat(store.nodes().get(node.uuid()).lastError()).isNull();
    assertThat(flows.living(node.id())).contains(flow);
  }

  @Test
  void aPartThatFailsDoesNotSpoilTheTransaction() {
    Node other = Drafts.node();
    store.inTransaction(
        () -> {
          Node inserted = store.nodes().insert(other);
          assertFault(Fault.ALREADY_EXISTS, () -> store.nodes().insert(other));
          return inserted;
        });
    assertThat(store.nodes().find(other.uuid())).isPresent();
  }
}
