package dev.ironic.agent.command;

import dev.ironic.agent.json.JsonMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One command of an extension.
 *
 * @param name its name without the extension
 * @param async true if it runs in a thread of its own and the caller polls
 * @param required parameters that must be given
 * @param optional parameters that may be given; any other is refused
 * @param validation checks parameters of an async command before it starts, so that a refusal is an
 *     HTTP error instead of a failed result
 * @param action the work
 */
public record Command(
    String name,
    boolean async,
    Set<String> required,
    Set<String> optional,
    Validation validation,
    Action action) {

  /** Refuses bad parameters by an {@link AgentException}. */
  @FunctionalInterface
  public interface Validation {
    /** Returns quietly if the parameters will do. */
    void check(JsonMap params);
  }

  /** The work of a command. */
  @FunctionalInterface
  public interface Action {
    /**
     * Runs to the end.
     *
     * @param params the parameters, names checked
     * @param progress where to report how far it is
     * @return what goes into command_result: a map, text, or null
     */
    @Nullable Object run(JsonMap params, Progress progress) throws Exception;
  }

  /** A command that is done when answered. */
  public static Command sync(
      String name, Set<String> required, Set<String> optional, Action action) {
    return new Command(name, false, required, optional, params -> {}, action);
  }

  /** A command that runs on its own. */
  public static Command async(
      String name, Set<String> required, Set<String> optional, Action action) {
    return new Command(name, true, required, optional, params -> {}, action);
  }

  /** The same command with a check ahead of it. */
  public Command checkedBy(Validation check) {
    return new Command(name, async, required, optional, check, action);
  }
}
