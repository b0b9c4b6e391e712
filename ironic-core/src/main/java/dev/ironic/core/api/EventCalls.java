package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the network service tells: ports that were bound, unbound or deleted. Nothing waits for it
 * here, so it is checked and logged.
 */
final class EventCalls {

  private static final Logger LOG = LoggerFactory.getLogger(EventCalls.class);

  private static final Set<String> KINDS =
      Set.of("network.bind_port", "network.unbind_port", "network.delete_port");

  private static final Set<String> REQUIRED = Set.of("event", "port_id", "mac_address", "status");

  private static final Set<String> OPTIONAL =
      Set.of("device_id", "binding:host_id", "binding:vnic_type");

  void register(Map<String, Handler> handlers) {
    handlers.put("event.create", this::receive);
  }

  private Answer receive(ApiRequest request) {
    Object events = Bodies.members(request).get("events");
    if (!(events instanceof List<?> list) || list.isEmpty()) {
      throw refused("there must be at least one event");
    }
    list.forEach(event -> check(Json.object(event)));
    LOG.debug("{} network events received", list.size());
    return Answer.empty(204);
  }

  private static void check(Map<String, @Nullable Object> event) {
    for (String name : REQUIRED) {
      if (event.get(name) == null) {
        throw refused("'" + name + "' is a required property");
      }
    }
    event.forEach(
        (name, value) -> {
          if (!REQUIRED.contains(name) && !OPTIONAL.contains(name)) {
            throw refused("'" + name + "' was unexpected");
          }
          if (value != null) {
            checkValue(name, value);
          }
        });
  }

  private static void checkValue(String name, Object value) {
    switch (name) {
      case "event" -> {
        if (!(value instanceof String kind) || !KINDS.contains(kind)) {
          throw refused("'%s' is not one of %s".formatted(value, new java.util.TreeSet<>(KINDS)));
        }
      }
      case "port_id", "device_id", "binding:host_id" -> FieldType.UUID.accept(name, value);
      case "mac_address" -> FieldType.MAC.accept(name, value);
      default -> FieldType.STRING.accept(name, value);
    }
  }

  private static IronicException refused(String why) {
    return new IronicException(Fault.INVALID, "Invalid events: " + why);
  }
}
