package dev.ironic.core.routing;

import dev.ironic.driver.DriverConfig;
import java.time.Duration;

/**
 * How nodes are spread over conductors.
 *
 * @param partitionExponent {@code [DEFAULT] hash_partition_exponent}: each host has 2 to the power
 *     of this many points
 * @param resetInterval {@code [DEFAULT] hash_ring_reset_interval}: age at which rings are laid out
 *     anew
 * @param algorithm {@code [DEFAULT] hash_ring_algorithm}
 * @param heartbeatTimeout {@code [conductor] heartbeat_timeout}: a conductor without a sign of life
 *     for so long is gone; zero for never
 */
public record RoutingOptions(
    int partitionExponent, Duration resetInterval, String algorithm, Duration heartbeatTimeout) {

  /** What holds where nothing is configured. */
  public static final RoutingOptions DEFAULT =
      new RoutingOptions(5, Duration.ofSeconds(15), "md5", Duration.ofSeconds(60));

  /** Reads the options. */
  public static RoutingOptions from(DriverConfig config) {
    return new RoutingOptions(
        config.integer("DEFAULT", "hash_partition_exponent", DEFAULT.partitionExponent),
        config.seconds("DEFAULT", "hash_ring_reset_interval", DEFAULT.resetInterval),
        config.text("DEFAULT", "hash_ring_algorithm").orElse(DEFAULT.algorithm),
        config.seconds("conductor", "heartbeat_timeout", DEFAULT.heartbeatTimeout));
  }
}
