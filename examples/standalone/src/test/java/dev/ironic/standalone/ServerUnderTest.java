package dev.ironic.standalone;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** The standalone server as its users start it: the launcher, in a process of its own. */
final class ServerUnderTest implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(180);
  private static final long POLL_NANOS = 2_000_000;

  private final Process process;
  private final int port;
  private final Path log;
  private final Duration startTime;

  private ServerUnderTest(Process process, int port, Path log, Duration startTime) {
    this.process = process;
    this.port = port;
    this.log = log;
    this.startTime = startTime;
  }

  /**
   * Starts it and waits for the first answer to {@code GET /v1}.
   *
   * @param launcher {@code bin/ironic}
   * @param folder for its state, configuration and log
   */
  static ServerUnderTest start(Path launcher, Path folder) throws IOException {
    int port = freePort();
    Path file = folder.resolve("ironic.conf");
    Path log = folder.resolve("ironic.log");
    Files.writeString(file, Settings.of(folder, port).text());
    var builder = new ProcessBuilder(launcher.toString(), "--config-file", file.toString());
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    long start = System.nanoTime();
    Process process = builder.start();
    while (!answers(port)) {
      if (!process.isAlive() || System.nanoTime() - start > PATIENCE.toNanos()) {
        process.destroy();
        throw new IOException("The server did not start:\n" + Files.readString(log));
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return new ServerUnderTest(process, port, log, Duration.ofNanos(System.nanoTime() - start));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Asks by hand: an HTTP client would take its own time to start. */
  private static boolean answers(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write("GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] line = socket.getInputStream().readNBytes(12);
      return new String(line, StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
    } catch (IOException e) {
      return false;
    }
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** From the launcher's start to the first answer. */
  Duration startTime() {
    return startTime;
  }

  /** Lines of the log that tell of trouble. */
  List<String> troubles() throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines
          .filter(line -> line.contains(" ERROR ") || line.contains("database is locked"))
          .toList();
    }
  }

  /**
   * What the server took.
   *
   * @param peakHeap in MiB
   * @param heap in MiB, after a collection
   * @param peakThreads platform threads
   * @param cpu time of all processors since its start
   */
  record Figures(long peakHeap, long heap, int peakThreads, int threads, Duration cpu) {}

  /** Asks the JVM. */
  Figures figures() throws IOException, AttachNotSupportedException {
    VirtualMachine machine = VirtualMachine.attach(String.valueOf(process.pid()));
    try (JMXConnector connector =
        JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()))) {
      MBeanServerConnection jvm = connector.getMBeanServerConnection();
      Duration cpu =
          Duration.ofNanos(
              ManagementFactory.getPlatformMXBean(
                      jvm, com.sun.management.OperatingSystemMXBean.class)
                  .getProcessCpuTime());
      long peak =
          ManagementFactory.getPlatformMXBeans(jvm, MemoryPoolMXBean.class).stream()
              .filter(pool -> pool.getType() == MemoryType.HEAP)
              .mapToLong(pool -> pool.getPeakUsage().getUsed())
              .sum();
      MemoryMXBean memory = ManagementFactory.getPlatformMXBean(jvm, MemoryMXBean.class);
      memory.gc();
      ThreadMXBean threads = ManagementFactory.getPlatformMXBean(jvm, ThreadMXBean.class);
      return new Figures(
          peak >> 20,
          memory.getHeapMemoryUsage().getUsed() >> 20,
          threads.getPeakThreadCount(),
          threads.getThreadCount(),
          cpu);
    } finally {
      machine.detach();
    }
  }

  /** Ends it as an operator does. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new UncheckedIOException(new IOException("The server did not end within 60 s"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
