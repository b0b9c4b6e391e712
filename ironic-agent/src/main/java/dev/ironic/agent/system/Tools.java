package dev.ironic.agent.system;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Runs the host's command-line tools: no shell, C locale, a time limit, and no more output kept
 * than a message needs. Thread-safe.
 */
public final class Tools {

  private static final int MAX_OUTPUT = 8 << 20;

  /**
   * What a tool said.
   *
   * @param exit its exit code
   * @param out standard output
   * @param err standard error
   */
  public record Output(int exit, String out, String err) {}

  /** True if a tool of that name is on the search path. */
  public boolean present(String tool) {
    String path = System.getenv("PATH");
    if (path == null) {
      return false;
    }
    return Pattern.compile(Pattern.quote(File.pathSeparator))
        .splitAsStream(path)
        .filter(folder -> !folder.isEmpty())
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
  }

  /**
   * Runs a tool to its end.
   *
   * @throws IOException if it can't be started or exceeds the time limit (it is killed then)
   */
  public Output run(Duration limit, String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(List.of(command));
    builder.environment().put("LC_ALL", "C");
    builder.redirectInput(ProcessBuilder.Redirect.from(nullDevice()));
    Process process = builder.start();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Thread outReader = Thread.startVirtualThread(() -> drain(process.getInputStream(), out));
    Thread errReader = Thread.startVirtualThread(() -> drain(process.getErrorStream(), err));
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(
            command[0] + " did not end within " + limit.toSeconds() + " seconds and was killed");
      }
      outReader.join();
      errReader.join();
    } finally {
      process.destroyForcibly();
    }
    return new Output(
        process.exitValue(),
        out.toString(StandardCharsets.UTF_8),
        err.toString(StandardCharsets.UTF_8));
  }

  /**
   * Runs a tool that must succeed, and returns its standard output.
   *
   * @throws IOException with what the tool said if it exits with anything but 0
   */
  public String require(Duration limit, String... command)
      throws IOException, InterruptedException {
    Output output = run(limit, command);
    if (output.exit != 0) {
      throw new IOException(
          String.join(" ", command)
              + " failed with exit code "
              + output.exit
              + ": "
              + (output.err.isBlank() ? output.out : output.err).strip());
    }
    return output.out;
  }

  private static File nullDevice() {
    return new File(File.separatorChar == '\\' ? "NUL" : "/dev/null");
  }

  // Keeps reading past the limit, so that the tool never blocks on a full pipe.
  private static void drain(InputStream in, ByteArrayOutputStream kept) {
    byte[] buffer = new byte[8192];
    try (in) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        kept.write(buffer, 0, Math.min(n, MAX_OUTPUT - kept.size()));
      }
    } catch (IOException e) {
      // The pipe broke because the process was killed: what was read is all there is.
    }
  }
}
