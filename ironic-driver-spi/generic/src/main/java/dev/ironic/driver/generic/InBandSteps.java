package dev.ironic.driver.generic;

import dev.ironic.driver.DriverException;
import dev.ironic.driver.InterfaceKind;
import dev.ironic.driver.NodeTask;
import dev.ironic.driver.PortInfo;
import dev.ironic.driver.PowerState;
import dev.ironic.driver.Repeat;
import dev.ironic.driver.Step;
import dev.ironic.driver.StepKind;
import dev.ironic.driver.StepProgress;
import dev.ironic.driver.StepResult;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps that the agent offers. They are known once the agent has run, kept in the node, and run
 * by one of its commands, which goes on without us and is found again in the agent's list of
 * commands. Thread-safe.
 */
final class InBandSteps {

  private static final Logger LOG = LoggerFactory.getLogger(InBandSteps.class);
  private static final Duration POLL = Duration.ofSeconds(2);
  private static final Duration POLL_WHILE_GONE = Duration.ofSeconds(10);
  private static final String VERSIONS = "hardware_manager_version";

  /** The last step's command: {@code step} and {@code id}. */
  private static final String STARTED = "agent_step_command";

  /** The step after which the machine is being restarted. */
  private static final String RESTARTING = "agent_step_restarting";

  private final AgentClient agent;
  private final AgentOptions options;
  private final Clock clock;
  private final Consumer<NodeTask> bootAgent;

  /**
   * Creates it.
   *
   * @param bootAgent makes the machine restart into the ramdisk
   */
  InBandSteps(AgentClient agent, AgentOptions options, Clock clock, Consumer<NodeTask> bootAgent) {
    this.agent = agent;
    this.options = options;
    this.clock = clock;
    this.bootAgent = bootAgent;
  }

  /** Asks the agent what it offers and keeps the answer in the node. */
  void refresh(NodeTask task, StepKind kind) {
    String noun = kind.wireName();
    Map<String, @Nullable Object> answer =
        agent.run(task, "%s.get_%s_steps".formatted(noun, noun), machine(task)).result();
    if (!(answer.get(noun + "_steps") instanceof Map<?, ?> byManager)) {
      throw DriverException.failed(
          "The agent's answer to get_%s_steps lacks %s_steps".formatted(noun, noun), null);
    }
    var byInterface = new LinkedHashMap<String, @Nullable Object>();
    for (Object steps : byManager.values()) {
      if (steps instanceof List<?> list) {
        list.forEach(step -> collect(byInterface, step, kind));
      }
    }
    String now = LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC).toString();
    task.update(
        node ->
            node.internal(VERSIONS, answer.get(VERSIONS))
                .internal(cacheKey(kind), byInterface)
                .internal(cacheKey(kind) + "_refreshed", now));
  }

  private static void collect(
      Map<String, @Nullable Object> byInterface, @Nullable Object step, StepKind kind) {
    if (!(step instanceof Map<?, ?> map)
        || !(map.get("step") instanceof String)
        || !(map.get("interface") instanceof String owner)
        || !(map.get("priority") instanceof Number)) {
      throw DriverException.failed(
          "The agent offers a %s step without step, interface and priority: %s"
              .formatted(kind.wireName(), step),
          null);
    }
    var copy = new LinkedHashMap<String, @Nullable Object>();
    map.forEach((key, value) -> copy.put(String.valueOf(key), value));
    if (kind == StepKind.CLEAN) {
      copy.put("requires_ramdisk", true);
    }
    var steps = new ArrayList<@Nullable Object>();
    if (byInterface.get(owner) instanceof List<?> before) {
      steps.addAll(before);
    }
    steps.add(copy);
    byInterface.put(owner, steps);
  }

  /** What the agent offered for an interface when it was asked last. */
  List<Step> offered(NodeTask task, StepKind kind, InterfaceKind owner) {
    return cached(task, kind, owner).stream()
        .map(
            map -> {
              String name = String.valueOf(map.get("step"));
              int priority = map.get("priority") instanceof Number n ? n.intValue() : 0;
              Map<String, @Nullable Object> noArgs = Map.of();
              return new Step(
                  owner,
                  name,
                  // The options speak of cleaning; a deployment must never erase what it wrote.
                  kind == StepKind.CLEAN ? options.priorityOf(name, priority) : priority,
                  Boolean.TRUE.equals(map.get("abortable")),
                  true,
                  Repeat.PROBE,
                  arguments(map.get("argsinfo")),
                  noArgs);
            })
        .toList();
  }

  private static Map<String, Step.Argument> arguments(@Nullable Object argsInfo) {
    var all = new LinkedHashMap<String, Step.Argument>();
    if (argsInfo instanceof Map<?, ?> map) {
      map.forEach(
          (name, info) -> {
            boolean known = info instanceof Map<?, ?>;
            Object description = known ? ((Map<?, ?>) info).get("description") : null;
            Object required = known ? ((Map<?, ?>) info).get("required") : null;
            all.put(
                String.valueOf(name),
                new Step.Argument(
                    description == null ? "" : description.toString(),
                    Boolean.TRUE.equals(required)));
          });
    }
    return all;
  }

  /** Starts a step. */
  StepResult execute(NodeTask task, StepKind kind, Step step) {
    String noun = kind.wireName();
    var params = machine(task);
    params.put("step", wire(step));
    params.put(noun + "_version", task.node().driverInternalInfo().get(VERSIONS));
    CommandResult started = agent.start(task, "%s.execute_%s_step".formatted(noun, noun), params);
    task.update(
        node ->
            node.internal(STARTED, Map.of("step", step.qualifiedName(), "id", started.id()))
                .removeInternal(RESTARTING));
    return judge(task, kind, step, started);
  }

  /** Looks how far a step has come. */
  StepResult probe(NodeTask task, StepKind kind, Step step) {
    if (step.qualifiedName().equals(task.node().internalText(RESTARTING).orElse(""))) {
      return afterRestart(task, kind);
    }
    Optional<CommandResult> last;
    try {
      last = agent.lastCommand(task);
    } catch (DriverException e) {
      return whileGone(e);
    }
    String command = "execute_%s_step".formatted(kind.wireName());
    boolean ours =
        last.isPresent()
            && last.get().name().equals(command)
            && !belongsToEarlierStep(task, step, last.get());
    if (!ours) {
      LOG.info("The agent does not know of step {}; starting it again", step.qualifiedName());
      return execute(task, kind, step);
    }
    return judge(task, kind, step, last.get());
  }

  /** Waits for an agent that does not answer at the moment; anything else is an error. */
  static StepResult whileGone(DriverException e) {
    if (e.kind() != DriverException.Kind.UNREACHABLE) {
      throw e;
    }
    LOG.info("Waiting for the agent: {}", e.getMessage());
    return StepResult.pollAfter(POLL_WHILE_GONE, null);
  }

  private static boolean belongsToEarlierStep(NodeTask task, Step step, CommandResult last) {
    return task.node().driverInternalInfo().get(STARTED) instanceof Map<?, ?> started
        && last.id().equals(started.get("id"))
        && !step.qualifiedName().equals(started.get("step"));
  }

  private StepResult judge(NodeTask task, StepKind kind, Step step, CommandResult command) {
    return switch (command.status()) {
      case RUNNING ->
          StepResult.pollAfter(
              POLL,
              command
                  .progress(step.name())
                  .orElseGet(() -> StepProgress.of("The agent runs " + step.name())));
      case FAILED ->
          StepResult.failed(
              "The agent failed at %s step %s: %s"
                  .formatted(kind.wireName(), step.qualifiedName(), command.errorText()));
      case CLEAN_VERSION_MISMATCH -> {
        LOG.info("The agent's hardware managers changed; reading its steps again");
        refresh(task, kind);
        yield execute(task, kind, step);
      }
      case SUCCEEDED -> succeeded(task, kind, step);
    };
  }

  private StepResult succeeded(NodeTask task, StepKind kind, Step step) {
    boolean restart =
        cached(task, kind, step.interfaceKind()).stream()
            .filter(map -> step.name().equals(map.get("step")))
            .anyMatch(map -> Boolean.TRUE.equals(map.get("reboot_requested")));
    if (!restart) {
      return StepResult.done();
    }
    task.update(node -> node.internal(RESTARTING, step.qualifiedName()));
    bootAgent.accept(task);
    task.powerAction(PowerState.REBOOT);
    return StepResult.waiting();
  }

  private StepResult afterRestart(NodeTask task, StepKind kind) {
    try {
      refresh(task, kind);
    } catch (DriverException e) {
      return whileGone(e);
    }
    task.update(node -> node.removeInternal(RESTARTING));
    return StepResult.done();
  }

  private static List<Map<?, ?>> cached(NodeTask task, StepKind kind, InterfaceKind owner) {
    var found = new ArrayList<Map<?, ?>>();
    if (task.node().driverInternalInfo().get(cacheKey(kind)) instanceof Map<?, ?> byInterface
        && byInterface.get(owner.wireName()) instanceof List<?> steps) {
      for (Object step : steps) {
        if (step instanceof Map<?, ?> map) {
          found.add(map);
        }
      }
    }
    return found;
  }

  private static String cacheKey(StepKind kind) {
    return "agent_cached_%s_steps".formatted(kind.wireName());
  }

  private static Map<String, @Nullable Object> wire(Step step) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("interface", step.interfaceKind().wireName());
    map.put("step", step.name());
    map.put("priority", step.priority());
    map.put("args", step.args());
    return map;
  }

  /** What each of the agent's commands about steps gets. */
  private static Map<String, @Nullable Object> machine(NodeTask task) {
    var params = new LinkedHashMap<String, @Nullable Object>();
    params.put("node", task.node().asMap());
    params.put("ports", task.ports().stream().map(InBandSteps::wire).toList());
    return params;
  }

  private static Map<String, @Nullable Object> wire(PortInfo port) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("uuid", port.uuid());
    map.put("address", port.address());
    map.put("pxe_enabled", port.pxeEnabled());
    map.put("physical_network", port.physicalNetwork());
    map.put("local_link_connection", port.localLinkConnection());
    map.put("extra", port.extra());
    return map;
  }
}
