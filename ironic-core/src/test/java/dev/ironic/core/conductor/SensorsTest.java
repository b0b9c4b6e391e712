package dev.ironic.core.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ironic.core.events.Event;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.InterfaceKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a conductor tells of sensors. */
class SensorsTest {

  private static final Map<String, Map<String, Map<String, Object>>> READING =
      Map.of(
          "Temperature", Map.of("CPU@1", Map.of("reading_celsius", 62)),
          "Fan", Map.of("FAN1@1", Map.of("reading", 4000)));

  private final PeriodicRig rig =
      new PeriodicRig()
          .with("sensor_data.send_sensor_data", "true")
          .with("sensor_data.enable_for_conductor", "false");

  @AfterEach
  void close() {
    rig.close();
  }

  private Node sensing(ProvisionState state) {
    return rig.node(
        n ->
            n.with(
                b ->
                    b.provisionState(state)
                        .name("n-" + n.id())
                        .conductorAffinity(rig.conductor().id())
                        .interfaces(Map.of(InterfaceKind.MANAGEMENT, "both"))));
  }

  private List<Event> afterARound() {
    rig.round("sensors", 600);
    return rig.events;
  }

  private List<Object> nodesTold() {
    return rig.events.stream().<Object>map(event -> event.payload().get("node_uuid")).toList();
  }

  @Test
  void sensorsOfActiveNodesArePublished() {
    rig.watched.sensors(task -> READING);
    Node node = sensing(ProvisionState.ACTIVE);
    sensing(ProvisionState.AVAILABLE);
    rig.nodeIn(ProvisionState.ACTIVE);
    Event event = afterARound().getFirst();
    assertThat(rig.events).hasSize(1);
    assertThat(event.eventType()).isEqualTo("hardware.watched.metrics");
    assertThat(event.publisherId()).isEqualTo("cond-1");
    assertThat(event.payload())
        .containsEntry("message_id", event.messageId())
        .containsEntry("instance_uuid", null)
        .containsEntry("node_uuid", node.uuid())
        .containsEntry("node_name", node.name())
        .containsEntry("event_type", "hardware.watched.metrics.update")
        .containsEntry("timestamp", event.timestamp().toString())
        .containsEntry("payload", READING)
        .hasSize(7);
  }

  @Test
  void onlyOwnNodesThatAreNoChildrenAndNotInMaintenanceAreAsked() {
    rig.watched.sensors(task -> READING);
    rig.with("sensor_data.enable_for_undeployed_nodes", "true");
    Node mine = sensing(ProvisionState.AVAILABLE);
    rig.change(rig.foreign(), n -> n.with(b -> b.interfaces(mine.interfaces())));
    rig.change(sensing(ProvisionState.ACTIVE), n -> n.with(b -> b.maintenance(true)));
    rig.change(sensing(ProvisionState.ACTIVE), n -> n.with(b -> b.parentNode(mine.uuid())));
    afterARound();
    assertThat(nodesTold()).containsExactly(mine.uuid());
  }

  @Test
  void onlyTheTypesWantedArePublished() {
    rig.with("sensor_data.data_types", "FAN,voltage");
    rig.watched.sensors(task -> READING);
    sensing(ProvisionState.ACTIVE);
    assertThat(afterARound().getFirst().payload())
        .containsEntry("payload", Map.of("Fan", READING.get("Fan")));
  }

  @Test
  void aNodeThatCannotBeReadDoesNotKeepOthersSilent() {
    Node broken = sensing(ProvisionState.ACTIVE);
    Node fine = sensing(ProvisionState.ACTIVE);
    rig.watched.sensors(
        task -> {
          if (task.node().uuid().equals(broken.uuid())) {
            throw DriverException.unreachable("no answer", null);
          }
          return READING;
        });
    afterARound();
    assertThat(nodesTold()).containsExactly(fine.uuid());
    assertThat(rig.report("sensors").failures()).isZero();
  }

  @Test
  void theConductorTellsItsOwnFigures() {
    rig.with("sensor_data.enable_for_conductor", "true")
        .with("sensor_data.enable_for_nodes", "false");
    rig.watched.sensors(task -> READING);
    sensing(ProvisionState.ACTIVE);
    afterARound();
    assertThat(rig.events).hasSize(1);
    Event event = rig.events.getFirst();
    assertThat(event.eventType()).isEqualTo("ironic.metrics");
    assertThat(event.payload())
        .containsEntry("hostname", "cond-1")
        .containsEntry("event_type", "ironic.metrics.update")
        .extractingByKey("payload", InstanceOfAssertFactories.map(String.class, Object.class))
        .containsKeys("workers.busy", "workers.size", "periodic.orphans", "periodic.sensors");
  }

  @Test
  void aRoundEndsWhenItsTimeIsOverAndReadsSoManyAtATime() {
    rig.with("sensor_data.workers", "2").with("sensor_data.wait_timeout", "200");
    for (int i = 0; i < 5; i++) {
      sensing(ProvisionState.ACTIVE);
    }
    var release = new CountDownLatch(1);
    var begun = new AtomicInteger();
    rig.watched.sensors(
        task -> {
          begun.incrementAndGet();
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return READING;
        });
    rig.time.advance(Duration.ofSeconds(600));
    await().until(() -> begun.get() == 2);
    assertThat(rig.report("sensors").running()).isTrue();
    // The timer may still be on its way to the queue.
    await()
        .until(
            () -> {
              rig.time.advance(Duration.ofSeconds(50));
              return rig.report("sensors").runs() == 1;
            });
    assertThat(begun).hasValue(2);
    release.countDown();
    await().until(() -> rig.events.size() >= 2);
    assertThat(nodesTold()).doesNotHaveDuplicates();
  }
}
