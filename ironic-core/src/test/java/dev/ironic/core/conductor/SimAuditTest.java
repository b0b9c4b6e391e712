package dev.ironic.core.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ironic.core.model.Flow;
import dev.ironic.core.model.FlowKind;
import dev.ironic.core.model.FlowStep;
import dev.ironic.core.model.Node;
import dev.ironic.core.states.ProvisionEvent;
import dev.ironic.core.store.DatabaseUrl;
import dev.ironic.core.store.NodeLock;
import dev.ironic.core.store.SqlStore;
import dev.ironic.core.store.Store;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.Repeat;
import dev.ironic.driver.Step;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The judge of simulated worlds is right: it lets good histories pass, and only those. */
class SimAuditTest {

  private static final String UUID = "6d1e7e3c-8f06-4a5f-9f5e-8d8f0f1c7a01";
  private static final String FLOW = "6d1e7e3c-8f06-4a5f-9f5e-8d8f0f1c7a02";

  private final ManualTime time = new ManualTime();
  private Path file;
  private Store store;
  private SimAudit audit;
  private Node node;
  private NodeLock lock;
  private Flow flow;

  /** A node that is being cleaned: the first step is done, the second must not run twice. */
  @BeforeEach
  void open(@TempDir Path folder) {
    file = folder.resolve("audited.sqlite");
    store = SqlStore.open(DatabaseUrl.parse("sqlite:///" + file.toAbsolutePath()), time);
    audit = SimAudit.of(file);
    sql("INSERT INTO conductors (hostname, online) VALUES ('one', 1), ('two', 1)");
    node = store.nodes().insert(Node.draft(UUID, "scripted"));
    lock = store.nodes().reserve(UUID, "one");
    node = store.nodes().get(UUID);
    change(ProvisionEvent.MANAGE);
    change(ProvisionEvent.DONE);
    change(ProvisionEvent.PROVIDE);
    flow =
        store
            .flows()
            .open(
                lock,
                new Flow(
                    0,
                    FLOW,
                    node.id(),
                    FlowKind.AUTOMATED_CLEAN,
                    Flow.State.RUNNING,
                    0,
                    List.of(FlowRun.own("prepare"), once(), FlowRun.own("tear_down")),
                    Map.of(),
                    null,
                    null,
                    null,
                    "one",
                    time.instant(),
                    null,
                    null));
    step(FlowStep.State.INTENDED);
    stepDone();
    step(FlowStep.State.INTENDED);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static FlowStep once() {
    return FlowRun.planned(
        new Step(InterfaceKind.DEPLOY, "flash", 1, false, false, Repeat.NEVER, Map.of(), Map.of()));
  }

  private void change(ProvisionEvent event) {
    node = store.nodes().update(lock, node, StateChange.plain(node, event, null));
  }

  private void save(UnaryOperator<Flow> change) {
    flow = store.flows().save(lock, change.apply(flow));
  }

  private void step(FlowStep.State state) {
    var steps = new ArrayList<>(flow.steps());
    steps.set(flow.cursor(), steps.get(flow.cursor()).with(b -> b.state(state)));
    save(now -> now.with(b -> b.steps(List.copyOf(steps))));
  }

  private void stepDone() {
    step(FlowStep.State.DONE);
    save(now -> now.with(b -> b.cursor(now.cursor() + 1)));
  }

  private void sql(String text) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.execute(text);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aWholeLifeWithATakeOverIsFine() {
    sql("UPDATE nodes SET reservation = 'two', fence = fence + 1");
    lock = new NodeLock(lock.nodeId(), UUID, "two", lock.fence() + 1);
    node = store.nodes().get(UUID);
    flow = flow.with(b -> b.conductor("two"));
    stepDone();
    step(FlowStep.State.INTENDED);
    step(FlowStep.State.INTENDED);
    stepDone();
    change(ProvisionEvent.DONE);
    save(now -> now.with(b -> b.state(Flow.State.DONE).endedAt(time.instant())));
    store.nodes().release(lock);
    store.nodes().release(store.nodes().reserve(UUID, "one"));
    assertThat(audit.complaints()).isEmpty();
    assertThat(audit.failures()).isEmpty();
  }

  @Test
  void whatIsRolledBackHasNotHappened() {
    try {
      store.inTransaction(
          () -> {
            change(ProvisionEvent.DONE);
            save(now -> now.with(b -> b.cursor(0)));
            throw new IllegalStateException("lost");
          });
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("lost");
    }
    assertThat(audit.complaints()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UPDATE nodes SET reservation = 'two'                  | without a new fence",
        "UPDATE nodes SET fence = fence - 1                    | the fence does not count",
        "UPDATE nodes SET fence = fence + 2                    | the fence does not count",
        "UPDATE nodes SET reservation = 'x', fence = fence + 1 | the holder is no conductor",
        "UPDATE nodes SET reservation = NULL, fence = fence + 1| taken by nobody",
        "UPDATE nodes SET provision_state = 'active'           | there is no such transition",
        "UPDATE nodes SET provision_state = 'available', reservation = NULL | without the lock",
        "UPDATE flows SET state = state, cursor = 0            | its cursor goes back",
        "UPDATE flows SET state = state, cursor = 2            | beyond a step that is not done",
        "UPDATE flows SET state = state, steps = '[]'          | what was done changes",
        "UPDATE flows SET state = state                        | must not run twice",
        "UPDATE flows SET state = state, conductor = 'two'     | does not hold the lock",
      })
  void whatMustNotBeIsNoticed(String write, String complaint) {
    sql(write);
    assertThat(audit.complaints()).singleElement().asString().contains(complaint);
  }

  @Test
  void aStateChangesOnlyUnderTheLock() {
    store.nodes().release(lock);
    sql("UPDATE nodes SET provision_state = 'available'");
    assertThat(audit.complaints()).singleElement().asString().contains("without the lock");
  }

  @Test
  void aJournalIsWrittenOnlyUnderTheLock() {
    step(FlowStep.State.WAITING);
    store.nodes().release(lock);
    sql("UPDATE flows SET state = 'waiting'");
    assertThat(audit.complaints()).singleElement().asString().contains("without the lock");
  }

  @Test
  void nothingIsWrittenAfterTheEnd() {
    step(FlowStep.State.FAILED);
    save(
        now ->
            now.with(b -> b.state(Flow.State.FAILED).endedAt(time.instant()).error("no medium")));
    assertThat(audit.complaints()).isEmpty();
    assertThat(audit.failures()).containsExactly("automated clean: no medium");
    sql("UPDATE flows SET state = 'running'");
    assertThat(audit.complaints()).singleElement().asString().contains("after its end");
  }
}
