package dev.ironic.chaos.load;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What clients see of a node.
 *
 * @param uuid its UUID
 * @param state {@code provision_state}
 * @param power {@code power_state}; null while unknown
 * @param targetPower {@code target_power_state}; null while nothing is switched
 * @param reservation who holds its lock; null for nobody
 * @param lastError null after no failure
 * @param maintenance whether it is in maintenance
 */
public record NodeRow(
    String uuid,
    String state,
    @Nullable String power,
    @Nullable String targetPower,
    @Nullable String reservation,
    @Nullable String lastError,
    boolean maintenance) {

  /** What to ask for. */
  static final String FIELDS =
      "uuid,provision_state,power_state,target_power_state,reservation,last_error,maintenance";

  private static final Set<String> REST = Set.of("enroll", "manageable", "available", "active");
  private static final List<String> FAILURES = List.of("failed", "error");

  static NodeRow of(JsonNode json) {
    return new NodeRow(
        json.path("uuid").asString(),
        json.path("provision_state").asString(),
        text(json, "power_state"),
        text(json, "target_power_state"),
        text(json, "reservation"),
        text(json, "last_error"),
        json.path("maintenance").asBoolean());
  }

  private static @Nullable String text(JsonNode json, String field) {
    JsonNode value = json.path(field);
    return value.isString() ? value.asString() : null;
  }

  /** Whether nothing goes on with it. */
  boolean rests() {
    return REST.contains(state) && targetPower == null && reservation == null;
  }

  /** Whether work on it has failed. */
  boolean hasFailed() {
    return maintenance || FAILURES.stream().anyMatch(state::endsWith);
  }
}
