package dev.ironic.agent.extension;

import dev.ironic.agent.command.AgentException;
import dev.ironic.agent.command.Command;
import dev.ironic.agent.command.ErrorKind;
import dev.ironic.agent.command.Extension;
import dev.ironic.agent.command.Progress;
import dev.ironic.agent.hardware.HardwareManagers;
import dev.ironic.agent.hardware.Step;
import dev.ironic.agent.ironic.NodeContext;
import dev.ironic.agent.json.JsonMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Listing and running steps: extensions {@code clean}, {@code deploy} and {@code service}. */
public final class StepExtension {

  private final Step.Kind kind;
  private final String word;
  private final HardwareManagers managers;
  private final NodeContext context;

  private StepExtension(Step.Kind kind, HardwareManagers managers, NodeContext context) {
    this.kind = kind;
    this.word = kind.name().toLowerCase(Locale.ROOT);
    this.managers = managers;
    this.context = context;
  }

  /** Builds the extension of one kind of steps. */
  public static Extension create(Step.Kind kind, HardwareManagers managers, NodeContext context) {
    StepExtension steps = new StepExtension(kind, managers, context);
    return new Extension(
        steps.word,
        List.of(
            Command.sync(
                "get_" + steps.word + "_steps",
                Set.of("node", "ports"),
                Set.of(),
                (params, progress) -> steps.list(params)),
            Command.async(
                "execute_" + steps.word + "_step",
                Set.of("step", "node", "ports"),
                Set.of(steps.word + "_version"),
                steps::execute)));
  }

  private Map<String, Object> list(JsonMap params) {
    remember(params.map("node"));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put(word + "_steps", managers.steps(kind));
    answer.put("hardware_manager_version", managers.versions());
    return answer;
  }

  private Map<String, @Nullable Object> execute(JsonMap params, Progress progress)
      throws InterruptedException {
    JsonMap step = params.map("step");
    String name = step.text("step");
    if (name == null) {
      throw new AgentException(
          ErrorKind.INVALID_COMMAND_PARAMS, "the parameter 'step' has no member 'step'");
    }
    checkVersion(params.get(word + "_version"));
    remember(params.map("node"));
    Step.Call call =
        new Step.Call(params.map("node"), params.list("ports"), step.map("args"), progress);
    Object result;
    try {
      result = managers.run(kind, name, call);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new AgentException(
          failure(), "Error performing %s_step %s: %s".formatted(word, name, reason(e)), e);
    }
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put(word + "_result", result);
    answer.put(word + "_step", step);
    return answer;
  }

  private void checkVersion(@Nullable Object given) {
    if (given != null && !Objects.equals(given, managers.versions())) {
      throw new AgentException(
          ErrorKind.VERSION_MISMATCH,
          "Current versions: %s, versions used by ironic: %s"
              .formatted(managers.versions(), given));
    }
  }

  // The node of a command is fresher than that of the lookup; hints may have come since.
  private void remember(JsonMap node) {
    if (node.text("uuid") != null) {
      context.updateNode(node);
    }
  }

  private ErrorKind failure() {
    return switch (kind) {
      case CLEAN -> ErrorKind.CLEANING;
      case DEPLOY -> ErrorKind.DEPLOYMENT;
      case SERVICE -> ErrorKind.SERVICING;
    };
  }

  private static String reason(Exception e) {
    return e instanceof AgentException agent ? String.valueOf(agent.getMessage()) : e.toString();
  }
}
