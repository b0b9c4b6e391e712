package dev.ironic.driver.ipmi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers in place of the program, and remembers what it was asked. */
final class ScriptedRunner implements CommandRunner {

  /** The command lines, with {@code PWFILE} for the password file. */
  final List<String> commands = new ArrayList<>();

  final List<String> passwords = new ArrayList<>();
  final List<Path> files = new ArrayList<>();
  final List<Map<String, String>> environments = new ArrayList<>();
  final Deque<Output> answers = new ArrayDeque<>();
  Output otherwise = new Output(0, "", "");
  boolean timingKnown = true;

  @Override
  public Output run(List<String> command, Map<String, String> environment, @Nullable Duration limit)
      throws IOException {
    if (command.getLast().equals("-h")) {
      return new Output(timingKnown ? 0 : 1, "usage", "");
    }
    var line = new ArrayList<String>(command);
    int file = command.indexOf("-f");
    if (file > 0) {
      Path path = Path.of(command.get(file + 1));
      files.add(path);
      passwords.add(Files.readString(path));
      line.set(file + 1, "PWFILE");
    }
    commands.add(String.join(" ", line));
    environments.add(environment);
    return answers.isEmpty() ? otherwise : answers.removeFirst();
  }

  void answers(String out) {
    answers.add(new Output(0, out, ""));
  }

  void fails(String err) {
    answers.add(new Output(1, "", err));
  }
}
