package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.conductor.ConductorService;
import dev.ironic.core.model.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The lamps of a machine; one is written {@code name@component}. */
final class IndicatorCalls {

  private final Lookups lookups;

  IndicatorCalls(Lookups lookups) {
    this.lookups = lookups;
  }

  void register(Map<String, Handler> handlers) {
    handlers.put("node.indicator.list", this::list);
    handlers.put("node.indicator.get", this::state);
    handlers.put("node.indicator.set", this::set);
  }

  private record Name(String indicator, String component) {

    static Name of(ApiRequest request) {
      String text = request.path("indicator");
      int at = text.indexOf('@');
      if (at <= 0 || at == text.length() - 1) {
        throw new IronicException(
            Fault.INVALID_PARAMETER_VALUE,
            "Indicator '%s' must be written <name>@<component>".formatted(text));
      }
      return new Name(text.substring(0, at), text.substring(at + 1));
    }
  }

  private ConductorService conductor(Node node) {
    return lookups.locator().forNode(node);
  }

  private Answer list(ApiRequest request) {
    Node node = lookups.node(request);
    View view = View.plain(request);
    var indicators = new ArrayList<Map<String, @Nullable Object>>();
    // Drivers need not keep an order, but answers should have one.
    new TreeMap<>(conductor(node).supportedIndicators(request.context(), node.uuid(), null))
        .forEach(
            (component, byName) ->
                new TreeMap<>(byName)
                    .forEach(
                        (name, properties) -> {
                          String path =
                              "nodes/%s/management/indicators/%s@%s"
                                  .formatted(node.uuid(), name, component);
                          var entry = new LinkedHashMap<String, @Nullable Object>();
                          entry.put("name", name + "@" + component);
                          entry.put("component", component);
                          entry.put("readonly", properties.get("readonly"));
                          entry.put("states", properties.get("states"));
                          entry.put("links", view.links(path));
                          indicators.add(entry);
                        }));
    return Answer.document(200, Map.of("indicators", indicators));
  }

  private Answer state(ApiRequest request) {
    Name name = Name.of(request);
    Node node = lookups.node(request);
    return Answer.document(
        200,
        Map.of(
            "state",
            conductor(node)
                .indicatorState(
                    request.context(), node.uuid(), name.component(), name.indicator())));
  }

  private Answer set(ApiRequest request) {
    Name name = Name.of(request);
    Object state = Objects.requireNonNull(Bodies.members(request).get("state"));
    Node node = lookups.node(request);
    conductor(node)
        .setIndicatorState(
            request.context(), node.uuid(), name.component(), name.indicator(), (String) state);
    return Answer.empty(204);
  }
}
