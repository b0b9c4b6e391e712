package dev.ironic.agent.command;

import dev.ironic.agent.json.JsonMap;
import dev.ironic.agent.json.MalformedJsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs commands one at a time and remembers every result for the life of the process. Thread-safe.
 */
public final class CommandExecutor {

  private static final Logger log = LoggerFactory.getLogger(CommandExecutor.class);

  private final Map<String, Extension> extensions = new LinkedHashMap<>();
  private final List<CommandResult> results = new ArrayList<>();
  private final ReentrantLock starting = new ReentrantLock();
  private final Runnable afterAsync;

  /**
   * Creates it.
   *
   * @param extensions what can be called
   * @param afterAsync told after each async command has ended
   */
  public CommandExecutor(List<Extension> extensions, Runnable afterAsync) {
    extensions.forEach(extension -> this.extensions.put(extension.name(), extension));
    this.afterAsync = afterAsync;
  }

  /**
   * Accepts and starts a command; a sync command has ended when this returns.
   *
   * @param fullName {@code extension.command}
   * @throws AgentException if it is refused: unknown, bad parameters, or another one is running
   */
  public CommandResult execute(String fullName, JsonMap params) {
    int dot = fullName.indexOf('.');
    if (dot < 0) {
      throw new AgentException(
          ErrorKind.INVALID_COMMAND, "Command name must be of the form <extension>.<name>");
    }
    String extensionName = fullName.substring(0, dot);
    String commandName = fullName.substring(dot + 1);
    starting.lock();
    try {
      refuseIfBusy();
      Extension extension = extensions.get(extensionName);
      if (extension == null) {
        throw new AgentException(
            ErrorKind.OBJECT_NOT_FOUND, "Extension with id " + extensionName + " not found.");
      }
      Command command =
          extension
              .command(commandName)
              .orElseThrow(
                  () ->
                      new AgentException(
                          ErrorKind.INVALID_COMMAND, "Unknown command: " + commandName));
      CommandResult result = new CommandResult(commandName);
      log.info("command {} starts", fullName);
      if (command.async()) {
        start(command, params, result, fullName);
      } else {
        runSync(command, params, result, fullName);
      }
      return result;
    } finally {
      starting.unlock();
    }
  }

  /** All results, oldest first. */
  public List<CommandResult> results() {
    synchronized (results) {
      return List.copyOf(results);
    }
  }

  /** The result of that id. */
  public Optional<CommandResult> result(String id) {
    return results().stream().filter(r -> r.id().equals(id)).findFirst();
  }

  private void refuseIfBusy() {
    synchronized (results) {
      if (!results.isEmpty() && results.getLast().running()) {
        throw new AgentException(
            ErrorKind.AGENT_IS_BUSY, "executing command " + results.getLast().name());
      }
    }
  }

  private void remember(CommandResult result) {
    synchronized (results) {
      results.add(result);
    }
  }

  private void runSync(Command command, JsonMap params, CommandResult result, String fullName) {
    try {
      checkNames(command, params);
      command.validation().check(params);
      Object value = command.action().run(params, result.progress());
      result.succeed(value instanceof String text ? Map.of("result", text) : value);
    } catch (Exception e) {
      AgentException error = toAgentException(e);
      if (error.kind().code() == 400) {
        throw error; // the caller's fault: an HTTP error, and nothing to remember
      }
      log.warn("command {} failed: {}", fullName, error.getMessage(), e);
      result.fail(error, fullName);
    }
    remember(result);
  }

  private void start(Command command, JsonMap params, CommandResult result, String fullName) {
    boolean namesFit = true;
    try {
      checkNames(command, params);
    } catch (AgentException e) {
      namesFit = false;
      result.fail(e, command.name());
    }
    if (!namesFit) {
      remember(result);
      return;
    }
    command.validation().check(params);
    remember(result);
    Thread.ofVirtual()
        .name("command-" + command.name())
        .start(() -> runAsync(command, params, result, fullName));
  }

  private void runAsync(Command command, JsonMap params, CommandResult result, String fullName) {
    try {
      Object value = command.action().run(params, result.progress());
      result.succeed(
          value instanceof String text ? Map.of("result", command.name() + ": " + text) : value);
      log.info("command {} succeeded", fullName);
    } catch (Throwable e) { // even an error of the JVM must end the command
      AgentException error = toAgentException(e);
      log.warn("command {} failed: {}", fullName, error.getMessage(), e);
      result.fail(error, command.name());
    } finally {
      afterAsync.run();
    }
  }

  private static void checkNames(Command command, JsonMap params) {
    Set<String> unknown = new TreeSet<>(params.members().keySet());
    unknown.removeAll(command.required());
    unknown.removeAll(command.optional());
    Set<String> missing = new TreeSet<>(command.required());
    missing.removeAll(params.members().keySet());
    if (!unknown.isEmpty() || !missing.isEmpty()) {
      throw new AgentException(
          ErrorKind.COMMAND_EXECUTION,
          command.name()
              + "()"
              + (unknown.isEmpty() ? "" : " got unexpected arguments " + unknown)
              + (missing.isEmpty() ? "" : " is missing arguments " + missing));
    }
  }

  private static AgentException toAgentException(Throwable e) {
    return switch (e) {
      case AgentException agent -> agent;
      case MalformedJsonException malformed ->
          new AgentException(
              ErrorKind.INVALID_COMMAND_PARAMS, String.valueOf(malformed.getMessage()), malformed);
      default -> new AgentException(ErrorKind.COMMAND_EXECUTION, String.valueOf(e), e);
    };
  }
}
