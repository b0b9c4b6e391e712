package dev.ironic.core.conductor;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import dev.ironic.core.model.DeployTemplate;
import dev.ironic.core.model.Node;
import dev.ironic.core.model.TemplateStep;
import dev.ironic.core.store.Query;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.Repeat;
import dev.ironic.driver.Step;
import dev.ironic.driver.StepKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which steps a flow has, in which order, and whether those that a user names are possible. */
final class StepCatalog {

  /** Steps that the conductor does itself, whatever interface they are named with. */
  private static final Set<String> RESERVED =
      Set.of("power_on", "power_off", "reboot", "hold", "wait");

  /** The step that a deployment is about. */
  private static final String CORE = "deploy.deploy";

  private static final List<InterfaceKind> ASKED =
      List.of(
          InterfaceKind.VENDOR,
          InterfaceKind.POWER,
          InterfaceKind.MANAGEMENT,
          InterfaceKind.FIRMWARE,
          InterfaceKind.DEPLOY,
          InterfaceKind.BIOS,
          InterfaceKind.RAID);

  private static final List<InterfaceKind> VERIFY_ORDER =
      List.of(
          InterfaceKind.POWER,
          InterfaceKind.MANAGEMENT,
          InterfaceKind.FIRMWARE,
          InterfaceKind.INSPECT,
          InterfaceKind.DEPLOY,
          InterfaceKind.BOOT,
          InterfaceKind.BIOS,
          InterfaceKind.RAID,
          InterfaceKind.VENDOR,
          InterfaceKind.NETWORK,
          InterfaceKind.STORAGE,
          InterfaceKind.CONSOLE,
          InterfaceKind.RESCUE);

  private final ConductorOptions options;

  StepCatalog(ConductorOptions options) {
    this.options = options;
  }

  /** Whether the conductor does a step itself. */
  static boolean reserved(String step) {
    return RESERVED.contains(step);
  }

  /** All steps that the node's interfaces offer, in the order in which they run. */
  List<Step> offered(Task task, StepKind kind) {
    List<InterfaceKind> order =
        switch (kind) {
          case CLEAN, DEPLOY -> ASKED;
          case SERVICE -> withNetworkFirst();
          case VERIFY -> VERIFY_ORDER;
        };
    var steps = new ArrayList<Step>();
    for (InterfaceKind asked : order) {
      for (Step step : task.driver(asked).steps(task, kind)) {
        Integer priority = priority(kind, step);
        steps.add(priority == null ? step : step.withPriority(priority));
      }
    }
    steps.sort(
        Comparator.comparingInt(Step::priority)
            .reversed()
            .thenComparingInt(step -> order.indexOf(step.interfaceKind())));
    return steps;
  }

  private static List<InterfaceKind> withNetworkFirst() {
    var all = new ArrayList<InterfaceKind>();
    all.add(InterfaceKind.NETWORK);
    all.addAll(ASKED);
    return all;
  }

  private @Nullable Integer priority(StepKind kind, Step step) {
    return switch (kind) {
      case CLEAN -> {
        Integer override = options.cleanStepPriorityOverride().get(step.qualifiedName());
        yield override == null
            ? options.deployGroupPriorityOverride().get(step.qualifiedName())
            : override;
      }
      case VERIFY -> options.verifyStepPriorityOverride().get(step.qualifiedName());
      case DEPLOY, SERVICE -> null;
    };
  }

  /** The steps of a flow that nobody asked anything special of. */
  List<Step> automatic(Task task, StepKind kind) {
    return offered(task, kind).stream().filter(step -> step.priority() != 0).toList();
  }

  /**
   * The steps that a user named, in that order, completed with what the drivers say of them; those
   * that nobody offers are empty. What the user wants of them is not judged.
   */
  List<Optional<Step>> named(Task task, StepKind kind, List<Map<String, @Nullable Object>> wanted) {
    List<Step> known = offered(task, kind);
    return wanted.stream().map(raw -> complete(raw, known, kind)).toList();
  }

  /**
   * The steps that a user named, in that order, completed with what the drivers say of them.
   *
   * @param strict whether an unknown step is refused; otherwise it is empty in the result
   * @throws IronicException INVALID_PARAMETER_VALUE listing all that is wrong
   */
  List<Optional<Step>> chosen(
      Task task,
      StepKind kind,
      List<Map<String, @Nullable Object>> wanted,
      boolean disableRamdisk,
      boolean strict) {
    List<Optional<Step>> result = named(task, kind, wanted);
    var errors = new ArrayList<String>();
    for (int i = 0; i < wanted.size(); i++) {
      Map<String, @Nullable Object> raw = wanted.get(i);
      Optional<Step> step = result.get(i);
      if (step.isEmpty()) {
        if (strict) {
          errors.add(
              "node does not support this %s step: %s"
                  .formatted(kind.wireName(), WireText.of(raw)));
        }
      } else {
        check(step.get(), raw, kind, disableRamdisk, errors);
      }
    }
    if (!errors.isEmpty()) {
      throw new IronicException(
          Fault.INVALID_PARAMETER_VALUE,
          "Cannot %s node %s: %s"
              .formatted(kind.wireName(), task.model().uuid(), String.join("; ", errors)));
    }
    return result;
  }

  private static Optional<Step> complete(
      Map<String, @Nullable Object> raw, List<Step> known, StepKind kind) {
    String name = String.valueOf(raw.get("step"));
    if (Boolean.TRUE.equals(raw.get("execute_on_child_nodes"))) {
      throw new IronicException(
          Fault.INVALID_PARAMETER_VALUE,
          "Step %s asks for execute_on_child_nodes, which this conductor cannot do; run the step on"
                  .formatted(name)
              + " the child nodes themselves");
    }
    Optional<InterfaceKind> owner = InterfaceKind.ofWireName(String.valueOf(raw.get("interface")));
    if (owner.isEmpty()) {
      return Optional.empty();
    }
    Map<String, @Nullable Object> args = args(raw);
    if (reserved(name)) {
      int priority = raw.get("priority") instanceof Number number ? number.intValue() : 0;
      return Optional.of(
          new Step(
              owner.get(),
              name,
              priority,
              true,
              false,
              Repeat.IDEMPOTENT,
              Map.of("seconds", new Step.Argument("how long to wait", false)),
              args));
    }
    return known.stream()
        .filter(step -> step.interfaceKind() == owner.get() && step.name().equals(name))
        .findFirst()
        .map(step -> step.withArgs(args))
        .map(
            step ->
                kind == StepKind.DEPLOY && raw.get("priority") instanceof Number number
                    ? step.withPriority(number.intValue())
                    : step);
  }

  @SuppressWarnings("unchecked") // checked by the API's schema: args is an object
  private static Map<String, @Nullable Object> args(Map<String, @Nullable Object> raw) {
    return raw.get("args") instanceof Map<?, ?> map
        ? (Map<String, @Nullable Object>) map
        : Map.of();
  }

  private static void check(
      Step step,
      Map<String, @Nullable Object> raw,
      StepKind kind,
      boolean disableRamdisk,
      Collection<String> errors) {
    String shown = WireText.of(kind == StepKind.DEPLOY ? raw : completed(raw, step));
    var unexpected = new ArrayList<>(step.args().keySet());
    unexpected.removeAll(step.argsInfo().keySet());
    if (!unexpected.isEmpty()) {
      errors.add(
          "%s step %s has these unexpected arguments: %s"
              .formatted(kind.wireName(), shown, String.join(", ", unexpected)));
    }
    List<String> missing =
        step.argsInfo().entrySet().stream()
            .filter(e -> e.getValue().required() && step.args().get(e.getKey()) == null)
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    if (!missing.isEmpty()) {
      errors.add(
          "%s step %s is missing these required arguments: %s"
              .formatted(kind.wireName(), shown, String.join(", ", missing)));
    }
    if (kind == StepKind.DEPLOY && step.qualifiedName().equals(CORE) && step.priority() > 0) {
      errors.add(
          "deploy step %s is what a deployment is about: it can't be replaced, only left out by a"
                  .formatted(CORE)
              + " priority of 0");
    }
    if (disableRamdisk && step.requiresRamdisk()) {
      errors.add("%s step %s requires booting a ramdisk".formatted(kind.wireName(), shown));
    }
  }

  /** What a user may not say of a step is added to what the user said. */
  private static Map<String, @Nullable Object> completed(
      Map<String, @Nullable Object> raw, Step step) {
    var map = new LinkedHashMap<>(raw);
    map.put("abortable", step.abortable());
    map.put("priority", step.priority());
    return map;
  }

  /**
   * The steps of a deployment: the drivers', changed by templates of the instance's traits, changed
   * by the user's.
   *
   * @param strict whether steps that nobody offers are refused; otherwise they are left out
   */
  List<Step> deployment(Task task, boolean strict) {
    Node node = task.model();
    var byName = new LinkedHashMap<String, Step>();
    automatic(task, StepKind.DEPLOY).forEach(step -> byName.put(step.qualifiedName(), step));
    replace(byName, task, templateSteps(task), strict);
    replace(byName, task, userSteps(node), strict);
    var steps = new ArrayList<>(byName.values());
    List<InterfaceKind> order = ASKED;
    steps.sort(
        Comparator.comparingInt(Step::priority)
            .reversed()
            .thenComparingInt(step -> order.indexOf(step.interfaceKind())));
    return steps;
  }

  private void replace(
      Map<String, Step> byName,
      Task task,
      List<Map<String, @Nullable Object>> wanted,
      boolean strict) {
    if (wanted.isEmpty()) {
      return;
    }
    for (Optional<Step> found : chosen(task, StepKind.DEPLOY, wanted, false, strict)) {
      if (found.isPresent()) {
        Step step = found.get();
        byName.remove(step.qualifiedName());
        if (step.priority() != 0) {
          byName.put(step.qualifiedName(), step);
        }
      }
    }
  }

  private static List<Map<String, @Nullable Object>> templateSteps(Task task) {
    if (!(task.model().instanceInfo().get("traits") instanceof List<?> traits)
        || traits.isEmpty()) {
      return List.of();
    }
    List<DeployTemplate> templates =
        task.store().deployTemplates().list(Query.ALL.and(new Query.Filter.In("name", traits)));
    var steps = new ArrayList<Map<String, @Nullable Object>>();
    var seen = new ArrayList<String>();
    for (DeployTemplate template : templates) {
      for (TemplateStep step : template.steps()) {
        String name = step.interfaceName() + "." + step.step();
        if (seen.contains(name)) {
          throw new IronicException(
              Fault.INVALID_PARAMETER_VALUE,
              "Step %s occurs in more than one deploy template of the instance's traits"
                  .formatted(name));
        }
        seen.add(name);
        steps.add(asMap(step));
      }
    }
    return steps;
  }

  private static Map<String, @Nullable Object> asMap(TemplateStep step) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("interface", step.interfaceName());
    map.put("step", step.step());
    map.put("args", step.args());
    map.put("priority", step.priority());
    return map;
  }

  /** The deploy steps that the user gave with the request. */
  static List<Map<String, @Nullable Object>> userSteps(Node node) {
    return maps(node.driverInternalInfo().get("user_deploy_steps"));
  }

  /** A list of maps out of stored data. */
  @SuppressWarnings("unchecked") // keys of stored JSON objects are texts
  static List<Map<String, @Nullable Object>> maps(@Nullable Object stored) {
    return stored instanceof List<?> list
        ? list.stream()
            .filter(Map.class::isInstance)
            .map(map -> (Map<String, @Nullable Object>) map)
            .toList()
        : List.of();
  }

  /**
   * Refuses steps that the operator does not want.
   *
   * @throws IronicException STEP_NOT_ALLOWED
   */
  void checkAllowed(StepKind kind, List<Map<String, @Nullable Object>> wanted) {
    List<String> refused = disallowed(kind);
    for (Map<String, @Nullable Object> raw : wanted) {
      String name = raw.get("interface") + "." + raw.get("step");
      if (refused.contains(name)) {
        throw new IronicException(
            Fault.STEP_NOT_ALLOWED,
            "%s step '%s' is not allowed. Disallowed by operator configuration [api]disallow_%s_steps."
                .formatted(kind.wireName(), name, kind.wireName()));
      }
    }
  }

  private List<String> disallowed(StepKind kind) {
    return switch (kind) {
      case CLEAN -> options.disallowCleanSteps();
      case DEPLOY -> options.disallowDeploySteps();
      case SERVICE -> options.disallowServiceSteps();
      case VERIFY -> List.of();
    };
  }

  /** A step as it shows on the node. */
  static Map<String, @Nullable Object> wire(StepKind kind, Step step, boolean byUser) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    if (byUser) {
      map.put("interface", step.interfaceKind().wireName());
      map.put("step", step.name());
      if (!step.args().isEmpty()) {
        map.put("args", step.args());
      }
      map.put("abortable", step.abortable());
      map.put("priority", step.priority());
      return map;
    }
    // The order shows in the node's history, where the list is a text.
    map.put("step", step.name());
    map.put("priority", step.priority());
    map.put("abortable", step.abortable());
    map.put("argsinfo", argsInfo(step));
    map.put("interface", step.interfaceKind().wireName());
    if (!step.args().isEmpty()) {
      map.put("args", step.args());
    }
    if (kind != StepKind.DEPLOY) {
      map.put("requires_ramdisk", step.requiresRamdisk());
    }
    return map;
  }

  private static @Nullable Object argsInfo(Step step) {
    if (step.argsInfo().isEmpty()) {
      return null;
    }
    var info = new LinkedHashMap<String, Object>();
    step.argsInfo()
        .forEach(
            (name, argument) ->
                info.put(
                    name,
                    Map.of(
                        "description", Objects.requireNonNull(argument.description()),
                        "required", argument.required())));
    return info;
  }
}
