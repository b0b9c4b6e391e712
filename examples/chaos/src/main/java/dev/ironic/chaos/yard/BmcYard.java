package dev.ironic.chaos.yard;

import dev.ironic.chaos.yard.YardEntry.Phase;
import dev.ironic.driver.Sleeper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * All machines with their controllers, in one place that outlives the conductors: it performs what
 * they ask for, takes its time over it, and writes down who asked. It does not keep conductors
 * apart; whether they keep themselves apart is to be read in its log.
 *
 * <p>Thread-safe.
 */
public final class BmcYard implements AutoCloseable {

  /** One in so many. */
  private static final int LONG_JOBS = 8;

  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Map<String, Machine> machines = new ConcurrentHashMap<>();
  private final Map<String, SplittableRandom> lengths = new ConcurrentHashMap<>();
  private final AtomicLong lastCall = new AtomicLong();
  private final YardLog log;
  private final Pace pace;
  private final long seed;
  private final Duration lateAfter;
  private final InstantSource clock;
  private final Sleeper sleeper;
  private volatile BiPredicate<String, String> held = (node, job) -> false;

  /**
   * How long things take: evenly spread between the bounds.
   *
   * @param shortest no command takes less
   * @param longest no command takes more; jobs take up to twice that
   * @param longJob how much longer it takes, one time in eight, to sync a disk
   */
  public record Pace(Duration shortest, Duration longest, Duration longJob) {}

  /**
   * Opens the yard.
   *
   * @param logFile where the log goes
   * @param pace how long commands take
   * @param seed of that randomness
   * @param lateAfter how old the decision behind a call may be; half a heartbeat timeout
   */
  public BmcYard(
      Path logFile, Pace pace, long seed, Duration lateAfter, InstantSource clock, Sleeper sleeper)
      throws IOException {
    this.pace = pace;
    this.seed = seed;
    this.lateAfter = lateAfter;
    this.clock = clock;
    this.sleeper = sleeper;
    log = new YardLog(logFile);
    listener = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  /** What {@code [chaos] yard} is to say. */
  public URI address() {
    return URI.create("tcp://127.0.0.1:" + listener.getLocalPort());
  }

  /** The log so far. */
  public List<YardEntry> log() {
    return log.entries();
  }

  /** The log behind its first so many lines. */
  public List<YardEntry> logSince(int count) {
    return log.since(count);
  }

  /** The machine of a node. */
  public MachineState machine(String node) {
    return of(node).state();
  }

  /**
   * Keeps jobs from ending until told otherwise.
   *
   * @param which node and job, such as {@code write ...} or {@code sync}
   */
  public void hold(BiPredicate<String, String> which) {
    held = which;
  }

  /** Lets all jobs end. */
  public void release() {
    held = (node, job) -> false;
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    threads.shutdownNow();
    threads.close();
    log.close();
  }

  private Machine of(String node) {
    return machines.computeIfAbsent(
        node, uuid -> new Machine(job -> jobLength(uuid, job), job -> held.test(uuid, job)));
  }

  private Duration jobLength(String node, String job) {
    Duration usual = length(node);
    boolean isLong = job.equals("sync") && usual.toMillis() % LONG_JOBS == 0;
    return usual.multipliedBy(2).plus(isLong ? pace.longJob() : Duration.ZERO);
  }

  private Duration length(String node) {
    SplittableRandom random =
        lengths.computeIfAbsent(node, uuid -> new SplittableRandom(seed ^ uuid.hashCode()));
    synchronized (random) {
      return Duration.ofMillis(
          random.nextLong(pace.shortest().toMillis(), pace.longest().toMillis() + 1));
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        open.add(socket);
        threads.execute(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed: the end.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      var lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String answer = answer(YardCall.parse(line));
        socket.getOutputStream().write((answer + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      // The conductor is gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }

  private String answer(YardCall call) throws InterruptedException {
    long number = lastCall.incrementAndGet();
    Instant now = clock.instant();
    if (call.decided().plus(lateAfter).isBefore(now)) {
      log.add(now, call, number, Phase.EXPIRED);
      return "expired";
    }
    log.add(now, call, number, Phase.BEGIN);
    @Nullable String answer;
    try {
      if (call.command()) {
        sleeper.sleep(length(call.node()));
      }
      answer = of(call.node()).perform(call.words(), clock.instant());
    } finally {
      log.add(clock.instant(), call, number, Phase.END);
    }
    return answer == null
        ? "refused, since it is %s".formatted(of(call.node()).state())
        : "ok " + answer;
  }
}
