package dev.ironic.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * QEMU's monitor on the process's own pipes: JSON, a line each. Commands may come from any thread;
 * one thread reads.
 */
final class QemuMonitor {

  private final JsonMapper json = new JsonMapper();
  private final BufferedReader in;
  private final Writer out;
  private volatile @Nullable String shutdownReason;

  private QemuMonitor(Process process) {
    in = process.inputReader();
    out = process.outputWriter();
  }

  /**
   * Opens the monitor of a process that has just started. The negotiation goes ahead of everything,
   * so that no command can come before it.
   */
  static QemuMonitor open(Process process) {
    var monitor = new QemuMonitor(process);
    try {
      monitor.execute("qmp_capabilities");
    } catch (IOException e) {
      // It has ended already; its exit status says more than a broken pipe.
    }
    return monitor;
  }

  /** Reads until QEMU has ended. */
  void read() throws IOException {
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonNode message = json.readTree(line);
      if (message.path("event").asString("").equals("SHUTDOWN")) {
        shutdownReason = message.path("data").path("reason").asString("");
      }
    }
  }

  /** Sends a command without arguments. Its answer, an empty object, is not waited for. */
  synchronized void execute(String command) throws IOException {
    out.write("{\"execute\":\"%s\"}\n".formatted(command));
    out.flush();
  }

  /** Whether the machine ended in order to start again. */
  boolean restarts() {
    return "guest-reset".equals(shutdownReason);
  }
}
