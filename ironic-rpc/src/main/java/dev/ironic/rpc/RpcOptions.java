package dev.ironic.rpc;

import dev.ironic.driver.DriverConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The {@code [zeromq]} options.
 *
 * @param bindAddress address that the conductor listens on
 * @param bindPort port that it listens on; 0 takes a free one
 * @param advertiseAddress address that it registers for callers, with {@code :port} where that is
 *     another one, too; empty for the one it listens on
 * @param callTimeout how long a caller waits for an answer
 * @param keyFile keys of this service: a conductor that has some encrypts, and a caller that has
 *     some talks to such conductors only
 * @param allowedKeysFile public keys of the callers that a conductor serves; empty for all
 * @param limits how many calls are taken
 */
public record RpcOptions(
    String bindAddress,
    int bindPort,
    Optional<String> advertiseAddress,
    Duration callTimeout,
    Optional<Path> keyFile,
    Optional<Path> allowedKeysFile,
    Limits limits) {

  /**
   * How many calls are taken; what goes beyond is refused at once.
   *
   * @param running calls that a conductor works on at the same time
   * @param queued calls that wait for their turn in a conductor
   * @param pending calls that a caller has open with one conductor
   */
  public record Limits(int running, int queued, int pending) {}

  /** Reads the options. */
  public static RpcOptions from(DriverConfig config) {
    return new RpcOptions(
        config.text("zeromq", "bind_address").orElse("127.0.0.1"),
        config.integer("zeromq", "bind_port", 8089),
        config.text("zeromq", "advertise_address"),
        config.seconds("zeromq", "call_timeout", Duration.ofSeconds(60)),
        config.text("zeromq", "curve_key_file").map(Path::of),
        config.text("zeromq", "curve_allowed_keys_file").map(Path::of),
        new Limits(
            config.integer("zeromq", "max_running_calls", 500),
            config.integer("zeromq", "max_queued_calls", 1000),
            config.integer("zeromq", "max_pending_calls", 2000)));
  }
}
