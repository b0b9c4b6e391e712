package dev.ironic.driver.redfish;

import dev.ironic.driver.DriverException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The lamps of a system and its chassis, named by their UUIDs.
 *
 * @param bmc where they are
 */
record Indicators(RedfishBmc bmc) {

  private static final Map<String, String> TO_REDFISH =
      Map.of("on", "Lit", "off", "Off", "blinking", "Blinking");

  private record Lamp(String component, String id, RedfishResource resource) {}

  Map<String, Map<String, Map<String, Object>>> supported(@Nullable String component) {
    var all = new LinkedHashMap<String, Map<String, Map<String, Object>>>();
    for (Lamp lamp : lamps()) {
      if (component == null || component.equals(lamp.component())) {
        all.computeIfAbsent(lamp.component(), key -> new LinkedHashMap<>())
            .put(lamp.id(), Map.of("readonly", false, "states", List.of("blinking", "off", "on")));
      }
    }
    return all;
  }

  void set(String component, String indicator, String state) {
    String value = TO_REDFISH.get(state);
    if (value == null) {
      throw DriverException.invalid(
          "Indicator state '%s' must be on, off or blinking".formatted(state));
    }
    bmc.client()
        .patch(find(component, indicator).resource(), Map.of("IndicatorLED", value))
        .orFail("setting the indicator " + indicator);
  }

  String read(String component, String indicator) {
    return switch (find(component, indicator).resource().text("IndicatorLED").orElse("")) {
      case "Lit" -> "on";
      case "Off" -> "off";
      case "Blinking" -> "blinking";
      default -> "unknown";
    };
  }

  private Lamp find(String component, String indicator) {
    return lamps().stream()
        .filter(lamp -> lamp.component().equals(component) && lamp.id().equals(indicator))
        .findFirst()
        .orElseThrow(
            () ->
                DriverException.invalid(
                    "The BMC at %s has no indicator %s@%s"
                        .formatted(bmc.client().address(), indicator, component)));
  }

  private List<Lamp> lamps() {
    RedfishResource system = bmc.system();
    return Stream.concat(
            lamp("system", Optional.of(system)).stream(),
            lamp("chassis", bmc.chassis(system)).stream())
        .toList();
  }

  private static Optional<Lamp> lamp(String component, Optional<RedfishResource> resource) {
    return resource
        .filter(each -> each.text("IndicatorLED").isPresent())
        .flatMap(
            each ->
                each.text("UUID")
                    .or(() -> each.text("Id"))
                    .map(id -> new Lamp(component, id, each)));
  }
}
