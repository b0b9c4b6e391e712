package dev.ironic.chaos.hardware;

import dev.ironic.driver.BmcCalls;
import dev.ironic.driver.DriverContext;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Speaks with the yard: a line there, a line back. Each line says who calls, for which holding of
 * the node's lock, and when the call was decided; the yard does not perform what comes too late, so
 * that a conductor which was stopped between its last check and the sending cannot reach a machine
 * that is another's by then. No real controller does that; with those a window of microseconds
 * stays.
 *
 * <p>Thread-safe.
 */
final class YardClient {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(20);
  private static final int ATTEMPTS = 5;
  private static final String OK = "ok";

  private final BmcCalls calls;
  private final Clock clock;
  private final String conductor;
  private final URI yard;
  private final Deque<Line> idle = new ConcurrentLinkedDeque<>();
  private final Map<NodeTask, Long> holdings = new WeakHashMap<>();
  private final AtomicLong lastHolding = new AtomicLong();

  /** Reads {@code [chaos] yard}: where the yard listens, as {@code tcp://host:port}. */
  YardClient(DriverContext context) {
    calls = context.bmcCalls();
    clock = context.clock();
    conductor = context.conductorHost() + "@" + ProcessHandle.current().pid();
    yard =
        URI.create(
            context
                .config()
                .text("chaos", "yard")
                .orElseThrow(
                    () -> DriverException.missing("[chaos] yard is not set: tcp://host:port")));
  }

  /** Asks a machine something. */
  String read(NodeTask task, String question) {
    return exchange(task, question, false);
  }

  /** Has a machine do something; returns when it is done. */
  void command(NodeTask task, String command) {
    exchange(task, command, true);
  }

  private String exchange(NodeTask task, String words, boolean command) {
    String controller = "yard/" + task.node().uuid();
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      // Decided before the conductor is asked whether the node is still its own.
      String line =
          String.join(
              "\t",
              task.node().uuid(),
              conductor,
              Long.toString(holding(task)),
              Long.toString(clock.millis()),
              command ? "command" : "read",
              words);
      String answer =
          command
              ? calls.call(task, controller, () -> send(line))
              : calls.read(task, controller, words, () -> send(line));
      if (answer.startsWith(OK)) {
        return answer.substring(OK.length()).strip();
      }
      if (!answer.equals("expired")) {
        throw DriverException.failed(
            "Machine %s refused '%s': %s".formatted(task.node().uuid(), words, answer), null);
      }
      // It was not performed, so it may be decided anew.
    }
    throw DriverException.unreachable(
        "'%s' to machine %s came too late %d times".formatted(words, task.node().uuid(), ATTEMPTS),
        null);
  }

  /** Tells one holding of a node's lock from the next; 0 without lock. */
  private long holding(NodeTask task) {
    if (!task.exclusive()) {
      return 0;
    }
    synchronized (holdings) {
      return holdings.computeIfAbsent(task, held -> lastHolding.incrementAndGet());
    }
  }

  private String send(String text) {
    Line line = idle.pollFirst();
    try {
      if (line == null) {
        line = new Line(yard);
      }
      String answer = line.exchange(text);
      idle.addFirst(line);
      return answer;
    } catch (IOException e) {
      if (line != null) {
        line.close();
      }
      throw DriverException.unreachable("The yard at " + yard + " does not answer", e);
    }
  }

  /** Closes the connections; each of the interfaces that share it may do so. */
  void close() {
    for (Line line = idle.pollFirst(); line != null; line = idle.pollFirst()) {
      line.close();
    }
  }

  /** A connection. */
  private static final class Line {

    private final Socket socket = new Socket();
    private final BufferedReader answers;

    Line(URI yard) throws IOException {
      socket.connect(
          new InetSocketAddress(yard.getHost(), yard.getPort()), (int) CONNECT.toMillis());
      socket.setSoTimeout((int) ANSWER.toMillis());
      socket.setTcpNoDelay(true);
      answers =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    String exchange(String text) throws IOException {
      socket.getOutputStream().write((text + "\n").getBytes(StandardCharsets.UTF_8));
      @Nullable String answer = answers.readLine();
      if (answer == null) {
        throw new IOException("The yard has closed the connection");
      }
      return answer;
    }

    void close() {
      try {
        socket.close();
      } catch (IOException e) {
        // It is of no use any more anyway.
      }
    }
  }
}
