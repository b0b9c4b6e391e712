package dev.ironic.agent.command;

import java.util.List;
import java.util.Optional;

/**
 * A named group of commands; a command is called as {@code extension.command}.
 *
 * @param name the part before the dot
 * @param commands its commands
 */
public record Extension(String name, List<Command> commands) {

  /** The command of that name. */
  public Optional<Command> command(String command) {
    return commands.stream().filter(c -> c.name().equals(command)).findFirst();
  }
}
