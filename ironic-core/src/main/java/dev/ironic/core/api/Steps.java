package dev.ironic.core.api;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.RunbookStep;
import dev.ironic.core.model.TemplateStep;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The step lists of templates, runbooks and provisioning requests. */
final class Steps {

  private static final Set<String> INTERFACES =
      Set.of("vendor", "power", "management", "firmware", "deploy", "bios", "raid");

  private Steps() {}

  static List<Map<String, @Nullable Object>> shown(List<TemplateStep> steps) {
    return steps.stream()
        .map(s -> shown(s.interfaceName(), s.step(), s.args(), "priority", s.priority()))
        .toList();
  }

  static List<Map<String, @Nullable Object>> shownOrdered(List<RunbookStep> steps) {
    return steps.stream()
        .map(s -> shown(s.interfaceName(), s.step(), s.args(), "order", s.order()))
        .toList();
  }

  private static Map<String, @Nullable Object> shown(
      String interfaceName, String step, Map<String, @Nullable Object> args, String rank, int n) {
    var shown = new LinkedHashMap<String, @Nullable Object>();
    shown.put("interface", interfaceName);
    shown.put("step", step);
    shown.put("args", Masking.mask(args, Set.of()));
    shown.put(rank, n);
    return shown;
  }

  static List<TemplateStep> templateSteps(@Nullable Object value) {
    return checked(value, "priority", true).stream()
        .map(
            s ->
                new TemplateStep(
                    text(s, "interface"),
                    text(s, "step"),
                    Json.object(s.get("args")),
                    rank(s, "priority")))
        .toList();
  }

  static List<RunbookStep> runbookSteps(@Nullable Object value) {
    return checked(value, "order", false).stream()
        .map(
            s ->
                new RunbookStep(
                    text(s, "interface"),
                    text(s, "step"),
                    Json.object(s.get("args")),
                    rank(s, "order")))
        .toList();
  }

  private static int rank(Map<String, @Nullable Object> step, String rank) {
    return (Integer) FieldType.INTEGER.accept(rank, step.getOrDefault(rank, 0L));
  }

  /** The steps of a stored list: complete, and each once. */
  private static List<Map<String, @Nullable Object>> checked(
      @Nullable Object value, String rank, boolean argsRequired) {
    List<Map<String, @Nullable Object>> steps = objects("steps", value);
    if (steps.isEmpty()) {
      throw refused("there must be at least one step");
    }
    var seen = new HashSet<String>();
    for (Map<String, @Nullable Object> step : steps) {
      check(
          step,
          argsRequired
              ? Set.of("interface", "step", "args", rank)
              : Set.of("interface", "step", rank),
          Set.of("args"));
      if (!seen.add(step.get("interface") + "." + step.get("step"))) {
        throw refused("step " + step.get("interface") + "." + step.get("step") + " is named twice");
      }
      if (rank(step, rank) < 0) {
        throw refused(rank + " must not be negative");
      }
    }
    return steps;
  }

  /** Checks the steps of a provisioning request. */
  static List<Map<String, @Nullable Object>> requested(
      String name, @Nullable Object value, Set<String> required, Set<String> optional) {
    List<Map<String, @Nullable Object>> steps = objects(name, value);
    for (Map<String, @Nullable Object> step : steps) {
      check(step, required, optional);
    }
    return steps;
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, @Nullable Object>> objects(String name, @Nullable Object value) {
    return (List<Map<String, @Nullable Object>>)
        FieldType.OBJECTS.accept(name, value == null ? "null" : value);
  }

  private static void check(
      Map<String, @Nullable Object> step, Set<String> required, Set<String> optional) {
    for (String name : required) {
      if (!step.containsKey(name)) {
        throw refused("'" + name + "' is a required property");
      }
    }
    step.forEach(
        (name, value) -> {
          if (!required.contains(name) && !optional.contains(name)) {
            throw refused("'" + name + "' was unexpected");
          }
          switch (name) {
            case "interface" -> {
              if (!(value instanceof String text) || !INTERFACES.contains(text)) {
                throw refused("interface must be one of " + new java.util.TreeSet<>(INTERFACES));
              }
            }
            case "step" -> {
              if (!(value instanceof String text) || text.isEmpty()) {
                throw refused("step must be a text that is not empty");
              }
            }
            case "args" -> {
              if (!(value instanceof Map)) {
                throw refused("args must be an object");
              }
            }
            case "priority", "order" ->
                FieldType.INTEGER.accept(name, value == null ? "null" : value);
            case "execute_on_child_nodes" -> {
              if (!(value instanceof Boolean)) {
                throw refused("execute_on_child_nodes must be true or false");
              }
            }
            case "limit_child_node_execution" ->
                FieldType.STRINGS.accept(name, value == null ? "null" : value);
            default -> {}
          }
        });
  }

  private static IronicException refused(String why) {
    return new IronicException(Fault.INVALID_PARAMETER_VALUE, "Invalid steps: " + why);
  }

  /** A member that was checked to be there. */
  private static String text(Map<String, @Nullable Object> step, String name) {
    return (String) Objects.requireNonNull(step.get(name));
  }
}
