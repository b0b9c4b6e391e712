package dev.ironic.agent.hardware;

import dev.ironic.agent.command.AgentException;
import dev.ironic.agent.command.ErrorKind;
import dev.ironic.agent.json.JsonMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The managers that fit this machine, best first, and who of them answers what. */
public final class HardwareManagers {

  private static final Logger log = LoggerFactory.getLogger(HardwareManagers.class);

  private record Ranked(HardwareManager manager, SupportLevel level) {}

  private record Offer(HardwareManager manager, SupportLevel level, Step step, int priority) {}

  /** A question to a manager. */
  @FunctionalInterface
  public interface Question<T> {
    /** Asks it. */
    T ask(HardwareManager manager) throws Exception;
  }

  private final List<Ranked> ranked;

  /**
   * Asks each manager how well it fits, drops those that don't, and initialises the others.
   *
   * @throws AgentException if none fits
   */
  public HardwareManagers(List<HardwareManager> candidates) throws Exception {
    ranked =
        candidates.stream()
            .map(manager -> new Ranked(manager, manager.support()))
            .filter(r -> r.level != SupportLevel.NONE)
            .sorted(Comparator.comparing(Ranked::level).reversed())
            .toList();
    if (ranked.isEmpty()) {
      throw new AgentException(
          ErrorKind.HARDWARE_MANAGER_NOT_FOUND,
          "none of " + candidates.stream().map(HardwareManager::name).toList() + " fits");
    }
    for (Ranked r : ranked) {
      log.info("hardware manager {} {} ({})", r.manager.name(), r.manager.version(), r.level);
      r.manager.initialize();
    }
  }

  /** The first manager's answer that is not "not mine". */
  public <T> T dispatch(String method, Question<T> question) throws Exception {
    for (Ranked r : ranked) {
      try {
        return question.ask(r.manager);
      } catch (AgentException e) {
        if (e.kind() != ErrorKind.INCOMPATIBLE_HARDWARE_METHOD) {
          throw e;
        }
      }
    }
    throw new AgentException(
        ErrorKind.HARDWARE_MANAGER_METHOD_NOT_FOUND,
        method + " is answered by none of " + versions().keySet());
  }

  /** Name to version of all managers. */
  public Map<String, String> versions() {
    Map<String, String> versions = new LinkedHashMap<>();
    ranked.forEach(r -> versions.put(r.manager.name(), r.manager.version()));
    return versions;
  }

  /** The steps of a kind without repeats, grouped by the class name of their manager. */
  public Map<String, List<Map<String, Object>>> steps(Step.Kind kind) {
    Map<String, List<Map<String, Object>>> groups = new LinkedHashMap<>();
    ranked.forEach(r -> groups.put(className(r.manager), new ArrayList<>()));
    for (Offer offer : chosen(kind).values()) {
      groups
          .computeIfAbsent(className(offer.manager), name -> new ArrayList<>())
          .add(offer.step.toWire(kind));
    }
    return groups;
  }

  /**
   * Runs a step.
   *
   * @throws AgentException if no manager offers it, or its arguments are wrong
   */
  public @Nullable Object run(Step.Kind kind, String name, Step.Call call) throws Exception {
    Map<String, Offer> offers = chosen(kind);
    Offer offer = offers.get(name);
    if (offer == null) {
      throw new AgentException(
          ErrorKind.HARDWARE_MANAGER_METHOD_NOT_FOUND,
          "there is no step '" + name + "'; known are " + offers.keySet());
    }
    checkArguments(offer.step, call.arguments());
    return offer.step.action().run(call);
  }

  private static void checkArguments(Step step, JsonMap arguments) {
    Set<String> unknown = new TreeSet<>(arguments.members().keySet());
    unknown.removeAll(step.argumentNames());
    Set<String> missing =
        step.arguments().stream()
            .filter(a -> a.required() && arguments.get(a.name()) == null)
            .map(Step.Argument::name)
            .collect(Collectors.toCollection(TreeSet::new));
    if (!unknown.isEmpty() || !missing.isEmpty()) {
      throw new AgentException(
          ErrorKind.INVALID_COMMAND_PARAMS,
          "step '%s' %s%s; it takes %s"
              .formatted(
                  step.name(),
                  unknown.isEmpty() ? "" : "got unknown arguments " + unknown,
                  missing.isEmpty() ? "" : " lacks arguments " + missing,
                  step.argumentNames()));
    }
  }

  // Of steps with one name the best supported wins, then the higher priority, then the manager's
  // name.
  private Map<String, Offer> chosen(Step.Kind kind) {
    Comparator<Offer> better =
        Comparator.comparing(Offer::level)
            .thenComparingInt(Offer::priority)
            .thenComparing(offer -> offer.manager.name());
    Map<String, Offer> chosen = new TreeMap<>();
    for (Ranked r : ranked) {
      for (Step step : r.manager.steps()) {
        Integer priority = step.priorities().get(kind);
        if (priority != null) {
          chosen.merge(
              step.name(),
              new Offer(r.manager, r.level, step, priority),
              (a, b) -> better.compare(a, b) >= 0 ? a : b);
        }
      }
    }
    return chosen;
  }

  private static String className(HardwareManager manager) {
    return manager.getClass().getSimpleName();
  }
}
