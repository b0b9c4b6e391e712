package dev.ironic.driver.generic;

import dev.ironic.driver.NodeInfo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether an agent is there, and whether it may be used instead of booting one. Immutable.
 */
record AgentPresence(AgentOptions options, Clock clock) {

  private static final Logger LOG = LoggerFactory.getLogger(AgentPresence.class);

  /** Whether the node's agent has reported lately. */
  boolean alive(NodeInfo node) {
    return isRecent(node, "agent_last_heartbeat", options.fastTrackTimeout());
  }

  /** Whether a time in {@code driver_internal_info} lies no further back than that. */
  boolean isRecent(NodeInfo node, String key, Duration limit) {
    return node.internalText(key)
        .flatMap(text -> instant(key, text))
        .filter(time -> isRecent(time, limit))
        .isPresent();
  }

  /** Whether a time lies no further back than that. */
  boolean isRecent(Instant time, Duration limit) {
    return Duration.between(time, clock.instant()).compareTo(limit) <= 0;
  }

  private static Optional<Instant> instant(String key, String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException withoutOffset) {
      try {
        return Optional.of(LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
      } catch (DateTimeParseException e) {
        LOG.warn("{} '{}' is no time", key, text);
        return Optional.empty();
      }
    }
  }
}
