package dev.ironic.core.conductor;

import dev.ironic.driver.DriverConfig;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The options of the group {@code [sensor_data]}.
 *
 * @param send whether sensors are read and published at all
 * @param interval the time between two rounds
 * @param workers how many nodes are read at a time
 * @param waitTimeout how long a round may take
 * @param dataTypes the sensor types of interest, in lower case; empty for all
 * @param forUndeployedNodes whether nodes that are not active are read, too
 * @param forConductor whether the conductor's own figures are published
 * @param forNodes whether the nodes' sensors are published
 */
record SensorOptions(
    boolean send,
    Duration interval,
    int workers,
    Duration waitTimeout,
    Set<String> dataTypes,
    boolean forUndeployedNodes,
    boolean forConductor,
    boolean forNodes) {

  private static final String GROUP = "sensor_data";

  static SensorOptions from(DriverConfig config) {
    Set<String> types =
        config.list(GROUP, "data_types", List.of("ALL")).stream()
            .map(type -> type.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    return new SensorOptions(
        config.flag(GROUP, "send_sensor_data", false),
        config.seconds(GROUP, "interval", Duration.ofMinutes(10)),
        config.integer(GROUP, "workers", 4),
        config.seconds(GROUP, "wait_timeout", Duration.ofMinutes(5)),
        types.contains("all") ? Set.of() : types,
        config.flag(GROUP, "enable_for_undeployed_nodes", false),
        config.flag(GROUP, "enable_for_conductor", true),
        config.flag(GROUP, "enable_for_nodes", true));
  }

  /** The time between two rounds; zero when nothing is published. */
  Duration spacing() {
    return send ? interval : Duration.ZERO;
  }

  boolean wants(String type) {
    return dataTypes.isEmpty() || dataTypes.contains(type.toLowerCase(Locale.ROOT));
  }
}
