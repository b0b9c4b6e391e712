package dev.ironic.driver.ipmi;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs programs as processes: no shell, C locale, nothing to read. Thread-safe. */
final class ProcessRunner implements CommandRunner {

  private static final int MOST_OUTPUT = 4 << 20;

  @Override
  public Output run(List<String> command, Map<String, String> environment, @Nullable Duration limit)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command);
    builder.environment().put("LC_ALL", "C");
    builder.environment().putAll(environment);
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    Process process = builder.start();
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    Thread outReader = Thread.startVirtualThread(() -> drain(process.getInputStream(), out));
    Thread errReader = Thread.startVirtualThread(() -> drain(process.getErrorStream(), err));
    try {
      if (limit == null) {
        process.waitFor();
      } else if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(
            "%s did not end within %d s and was killed"
                .formatted(command.getFirst(), limit.toSeconds()));
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

  /** Reads on past the limit, so that the program never blocks on a full pipe. */
  private static void drain(InputStream in, ByteArrayOutputStream kept) {
    byte[] buffer = new byte[8192];
    try (in) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        kept.write(buffer, 0, Math.min(count, MOST_OUTPUT - kept.size()));
      }
    } catch (IOException e) {
      // The pipe broke because the process was killed: what was read is all there is.
    }
  }
}
