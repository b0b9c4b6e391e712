package dev.ironic.driver.ipmi;

import dev.ironic.driver.BmcCalls;
import dev.ironic.driver.DriverException;
import dev.ironic.driver.NodeTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends commands to BMCs by the program {@code ipmitool}: one at a time to each BMC, not too often,
 * and again while they fail. Passwords reach the program by a file or its environment, never by its
 * arguments, which everybody on the host can see; no argument but the command itself is logged. (A
 * Kg key in hexadecimal has no other way into the program than its arguments.) Thread-safe.
 */
final class Ipmitool {

  private static final Logger LOG = LoggerFactory.getLogger(Ipmitool.class);
  private static final String PROGRAM = "ipmitool";
  private static final List<String> RETRYABLE =
      List.of(
          "insufficient resources for session",
          "Node busy",
          "Timeout",
          "Out of space",
          "BMC initialization in progress");
  private static final List<String> WRONG_CIPHER =
      List.of(
          "no matching cipher suite",
          "Unsupported cipher suite ID",
          "invalid authentication algorithm",
          "invalid integrity algorithm",
          "invalid confidentiality algorithm");
  private static final List<String> NO_ANSWER =
      List.of(
          "Unable to establish",
          "Timeout",
          "did not end within",
          "Could not open socket",
          "Address lookup for");

  /** A command to a BMC, with what is tried of the cipher suites. */
  private record Question(IpmiDriverInfo info, Optional<String> cipher, List<String> command) {}

  /** Lets one command at a time through to a BMC, which bears no more by this protocol. */
  private static final class Governor {
    private final Semaphore turn = new Semaphore(1, true);
    private Instant last = Instant.MIN;
  }

  private final IpmiOptions options;
  private final CommandRunner runner;
  private final BmcCalls calls;
  private final Clock clock;
  private final Map<String, Governor> governors = new ConcurrentHashMap<>();
  private final Map<String, Boolean> abilities = new ConcurrentHashMap<>();

  Ipmitool(IpmiOptions options, CommandRunner runner, BmcCalls calls, Clock clock) {
    this.calls = calls;
    this.options = options;
    this.runner = runner;
    this.clock = clock;
  }

  IpmiOptions options() {
    return options;
  }

  /**
   * Runs a command.
   *
   * @param command its words
   * @return what the program printed
   * @throws DriverException when it fails even after retries
   */
  String run(NodeTask task, String... command) {
    return run(task, false, List.of(command));
  }

  /** Runs a command that only reads; who asks the same meanwhile gets the same answer. */
  String read(NodeTask task, String... command) {
    return run(task, true, List.of(command));
  }

  private String run(NodeTask task, boolean reads, List<String> command) {
    IpmiDriverInfo info = IpmiDriverInfo.parse(task.node().driverInfo());
    Optional<String> cipher = info.cipherSuite();
    boolean walk = cipher.isEmpty() && !options.cipherSuites().isEmpty();
    Instant deadline = clock.instant().plus(options.commandRetryTimeout());
    for (int left = options.attempts() - 1; ; left--) {
      String error;
      try {
        CommandRunner.Output output = once(task, reads, new Question(info, cipher, command));
        if (output.exit() == 0) {
          return output.out();
        }
        error = (output.err() + "\n" + output.out()).strip();
      } catch (IOException e) {
        error = String.valueOf(e.getMessage());
      }
      if (walk && WRONG_CIPHER.stream().anyMatch(error::contains)) {
        cipher = Optional.of(nextCipher(cipher));
      }
      boolean over = left <= 0 || !clock.instant().isBefore(deadline);
      if (over || !worthRepeating(error)) {
        throw failure(info, command, error);
      }
      LOG.info("IPMI {} to {} failed and is tried again", command.getFirst(), info.where());
    }
  }

  /** The one before; the last one of the list to begin with, the first one for good. */
  private String nextCipher(Optional<String> present) {
    List<String> all = options.cipherSuites();
    int at = present.map(all::indexOf).orElse(all.size());
    return all.get(Math.max(at - 1, 0));
  }

  private boolean worthRepeating(String error) {
    return !error.contains("Cannot run program")
        && (!options.useIpmitoolRetries()
            || Stream.concat(RETRYABLE.stream(), options.retryableErrors().stream())
                .anyMatch(error::contains));
  }

  private DriverException failure(IpmiDriverInfo info, List<String> command, String error) {
    String told = error;
    for (String secret :
        List.of(info.password().reveal(), info.kgKey().map(key -> key.reveal()).orElse(""))) {
      told = secret.isEmpty() ? told : told.replace(secret, "******");
    }
    if (error.contains("Cannot run program")) {
      return DriverException.failed(
          "The program ipmitool cannot be started; install it on the conductor's host", null);
    }
    String message =
        "IPMI call failed: %s. The BMC at %s: %s"
            .formatted(String.join(" ", command), info.where(), told);
    return isNoAnswer(error)
        ? DriverException.unreachable(message, null)
        : DriverException.failed(message, null);
  }

  private CommandRunner.Output once(NodeTask task, boolean reads, Question question)
      throws IOException {
    String where = question.info().where();
    try {
      return reads
          ? calls.read(task, where, question, () -> governed(task, question))
          : calls.call(task, where, () -> governed(task, question));
    } catch (DriverException e) {
      // Who shared the answer of another finds it deeper.
      for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
        if (cause instanceof NoAnswer silence) {
          return silence.output;
        }
      }
      throw e;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** What the program said when the BMC did not answer. */
  private static final class NoAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient CommandRunner.Output output;

    NoAnswer(CommandRunner.Output output) {
      this.output = output;
    }
  }

  private CommandRunner.Output governed(NodeTask task, Question question) {
    try {
      CommandRunner.Output output = inTurn(task, question);
      if (output.exit() != 0 && isNoAnswer(output.err() + "\n" + output.out())) {
        throw DriverException.unreachable("ipmitool got no answer", new NoAnswer(output));
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isNoAnswer(String error) {
    return NO_ANSWER.stream().anyMatch(error::contains);
  }

  private CommandRunner.Output inTurn(NodeTask task, Question question) throws IOException {
    IpmiDriverInfo info = question.info();
    Governor governor = governors.computeIfAbsent(info.where(), key -> new Governor());
    try {
      governor.turn.acquire();
    } catch (InterruptedException e) {
      throw interrupted(info, e);
    }
    try {
      pause(task, governor.last);
      task.requireOwner();
      return spawn(info, question.cipher(), question.command());
    } catch (InterruptedException e) {
      throw interrupted(info, e);
    } finally {
      governor.last = clock.instant();
      governor.turn.release();
    }
  }

  private static DriverException interrupted(IpmiDriverInfo info, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return DriverException.failed("Interrupted while talking to the BMC at " + info.where(), cause);
  }

  private void pause(NodeTask task, Instant last) {
    if (!last.equals(Instant.MIN)) {
      Duration since = Duration.between(last, clock.instant());
      Duration missing = options.minCommandInterval().minus(since);
      if (missing.isPositive()) {
        task.sleep(missing);
      }
    }
  }

  private CommandRunner.Output spawn(
      IpmiDriverInfo info, Optional<String> cipher, List<String> command)
      throws IOException, InterruptedException {
    List<String> arguments = base(info, cipher);
    Duration limit = options.killOnTimeout() ? options.commandRetryTimeout() : null;
    // An empty password would make the program ask for one.
    String password = info.password().reveal().isEmpty() ? "\0" : info.password().reveal();
    if (options.credentialsInEnvironment()) {
      arguments.add("-E");
      arguments.addAll(command);
      return runner.run(arguments, Map.of("IPMI_PASSWORD", info.password().reveal()), limit);
    }
    Path file = passwordFile();
    try {
      Files.writeString(file, password, StandardCharsets.UTF_8);
      arguments.add("-f");
      arguments.add(file.toString());
      arguments.addAll(command);
      return runner.run(arguments, Map.of(), limit);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private Path passwordFile() throws IOException {
    FileAttribute<?> mine =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    return options.temporaryFolder().isPresent()
        ? Files.createTempFile(options.temporaryFolder().get(), "ipmi", "", mine)
        : Files.createTempFile("ipmi", "", mine);
  }

  private List<String> base(IpmiDriverInfo info, Optional<String> cipher)
      throws InterruptedException {
    var arguments = new ArrayList<String>();
    arguments.add(PROGRAM);
    add(arguments, "-I", info.protocol());
    add(arguments, "-H", info.address());
    add(arguments, "-L", info.privilege());
    info.port().ifPresent(port -> add(arguments, "-p", port));
    info.username().ifPresent(user -> add(arguments, "-U", user));
    info.kgKey().ifPresent(key -> add(arguments, "-y", key.reveal()));
    cipher.ifPresent(suite -> add(arguments, "-C", suite));
    if (!info.bridging().isEmpty()) {
      requireBridging(info);
      info.bridging().forEach((option, value) -> add(arguments, option, value));
    }
    if (options.debug()) {
      arguments.add("-v");
    }
    if (able("-N", "0", "-R", "0")) {
      add(arguments, "-R", options.useIpmitoolRetries() ? "" + options.attempts() : "1");
      add(arguments, "-N", "" + options.minCommandInterval().toSeconds());
    }
    return arguments;
  }

  private static void add(List<String> arguments, String option, String value) {
    arguments.add(option);
    arguments.add(value);
  }

  private void requireBridging(IpmiDriverInfo info) throws InterruptedException {
    var probe = new ArrayList<>(List.of("-m", "0", "-b", "0", "-t", "0"));
    if (info.bridging().containsKey("-B")) {
      probe.addAll(List.of("-B", "0", "-T", "0"));
    }
    if (!able(probe.toArray(String[]::new))) {
      throw DriverException.invalid(
          "The ipmitool of this conductor does not support the bridging that the node asks for");
    }
  }

  /** Whether the program knows options: it prints its help then. Asked once. */
  private boolean able(String... probe) throws InterruptedException {
    String key = String.join(" ", probe);
    Boolean known = abilities.get(key);
    if (known != null) {
      return known;
    }
    var command = new ArrayList<>(List.of(PROGRAM));
    command.addAll(List.of(probe));
    command.add("-h");
    try {
      boolean answer = runner.run(command, Map.of(), Duration.ofSeconds(10)).exit() == 0;
      abilities.put(key, answer);
      return answer;
    } catch (IOException e) {
      LOG.warn("ipmitool cannot be asked whether it knows {}: {}", key, e.getMessage());
      return false;
    }
  }

  /** Sends bytes as they are. */
  void raw(NodeTask task, String bytes) {
    var command = new ArrayList<>(List.of("raw"));
    command.addAll(List.of(bytes.strip().split("\\s+", -1)));
    run(task, command.toArray(String[]::new));
  }

  /** The first answer to a name in a listing of {@code name : value} lines, or null. */
  static @Nullable String field(String listing, String name) {
    return listing
        .lines()
        .map(line -> line.split(":", 2))
        .filter(parts -> parts.length == 2 && parts[0].strip().equals(name))
        .map(parts -> parts[1].strip())
        .findFirst()
        .orElse(null);
  }
}
