package dev.ironic.driver.ipmi;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs programs. Thread-safe. */
interface CommandRunner {

  /**
   * What a program said.
   *
   * @param exit its exit code
   * @param out standard output
   * @param err standard error
   */
  record Output(int exit, String out, String err) {}

  /**
   * Runs a program to its end.
   *
   * @param environment is added to this process's own
   * @param limit after which it is killed; null for never
   * @throws IOException when it cannot be started, or was killed
   */
  Output run(List<String> command, Map<String, String> environment, @Nullable Duration limit)
      throws IOException, InterruptedException;
}
