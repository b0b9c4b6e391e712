package dev.ironic.core.conductor;

import dev.ironic.core.events.Event;
import dev.ironic.core.events.EventListener;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.ProvisionState;
import dev.ironic.core.store.Query;
import dev.ironic.core.store.Query.Filter;
import dev.ironic.driver.DriverException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes what the sensors of nodes show, and the conductor's own figures. Thread-safe. */
final class Sensors {

  private static final Logger LOG = LoggerFactory.getLogger(Sensors.class);
  private static final String TASK = "sensors";

  private final TaskManager tasks;
  private final Predicate<Node> mine;
  private final NodeSweep sweep;
  private final SensorOptions options;
  private final EventListener listener;
  private final Supplier<Map<String, @Nullable Object>> figures;

  /**
   * Creates it.
   *
   * @param figures tells the conductor's own figures
   */
  Sensors(
      TaskManager tasks,
      Predicate<Node> mine,
      NodeSweep sweep,
      SensorOptions options,
      EventListener listener,
      Supplier<Map<String, @Nullable Object>> figures) {
    this.tasks = tasks;
    this.mine = mine;
    this.sweep = sweep;
    this.options = options;
    this.listener = listener;
    this.figures = figures;
  }

  SensorOptions options() {
    return options;
  }

  /** One round. */
  void publish() {
    if (options.forConductor()) {
      publishConductor();
    }
    if (!options.forNodes()) {
      return;
    }
    Query query = Query.where("maintenance", false).and(new Filter.IsNull("parentNode", true));
    if (!options.forUndeployedNodes()) {
      query = query.and(new Filter.Equal("provisionState", ProvisionState.ACTIVE));
    }
    List<String> nodes = tasks.uuids(query, mine);
    int left = sweep.within(options.waitTimeout(), TASK, nodes, options.workers(), this::publish);
    if (left > 0) {
      LOG.warn(
          "The sensors of {} of {} nodes were not read within {} s. Raise [sensor_data] workers or"
              + " wait_timeout",
          left,
          nodes.size(),
          options.waitTimeout().toSeconds());
    }
  }

  private void publish(String uuid) {
    Task task = tasks.shared(Watch.context(), uuid, TASK);
    Node node = task.model();
    if (node.maintenance()) {
      return;
    }
    var payload = new LinkedHashMap<String, @Nullable Object>();
    try {
      task.management()
          .sensors(task)
          .forEach(
              (type, sensors) -> {
                if (options.wants(type)) {
                  payload.put(type, sensors);
                }
              });
    } catch (DriverException e) {
      if (e.kind() == DriverException.Kind.UNSUPPORTED) {
        LOG.debug("Node {} has no sensors: {}", node.uuid(), e.getMessage());
      } else {
        LOG.warn("The sensors of node {} cannot be read: {}", node.uuid(), e.getMessage());
      }
      return;
    }
    if (payload.isEmpty()) {
      return;
    }
    String type = "hardware.%s.metrics".formatted(node.driver());
    var message = new LinkedHashMap<String, @Nullable Object>();
    message.put("instance_uuid", node.instanceUuid());
    message.put("node_uuid", node.uuid());
    message.put("node_name", node.name());
    tell(type, message, payload);
  }

  private void publishConductor() {
    var message = new LinkedHashMap<String, @Nullable Object>();
    message.put("hostname", tasks.host());
    tell("ironic.metrics", message, figures.get());
  }

  private void tell(
      String type,
      Map<String, @Nullable Object> about,
      Map<String, @Nullable Object> measurements) {
    String id = UUID.randomUUID().toString();
    Instant now = tasks.clock().instant();
    var message = new LinkedHashMap<String, @Nullable Object>();
    message.put("message_id", id);
    message.putAll(about);
    message.put("timestamp", now.toString());
    message.put("event_type", type + ".update");
    message.put("payload", measurements);
    try {
      listener.on(new Event(id, type, tasks.host(), now, message));
    } catch (RuntimeException e) {
      LOG.error("The event {} could not be delivered", type, e);
    }
  }
}
