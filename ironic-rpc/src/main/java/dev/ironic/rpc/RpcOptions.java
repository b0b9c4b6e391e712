package dev.ironic.rpc;

import dev.ironic.driver.DriverConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * The {@code [zeromq]} options.
 *
 * @param bindAddress address that the conductor listens on
 * @param bindPort port that it listens on; 0 takes a free one
 * @param advertiseAddress address that it registers for callers; empty for the one it listens on
 * @param callTimeout how long a caller waits for an answer
 */
public record RpcOptions(
    String bindAddress, int bindPort, Optional<String> advertiseAddress, Duration callTimeout) {

  /** Reads the options. */
  public static RpcOptions from(DriverConfig config) {
    return new RpcOptions(
        config.text("zeromq", "bind_address").orElse("127.0.0.1"),
        config.integer("zeromq", "bind_port", 8089),
        config.text("zeromq", "advertise_address"),
        config.seconds("zeromq", "call_timeout", Duration.ofSeconds(60)));
  }
}
