package dev.ironic.driver;

import org.jspecify.annotations.Nullable;

/**
 * What the deployment agent says of itself.
 *
 * @param callbackUrl where its API is reached
 * @param agentVersion its version, or null
 * @param agentVerifyCa its certificate in PEM, or null for plain HTTP
 * @param agentStatus {@code start}, {@code end} or {@code error}, or null
 * @param agentStatusMessage words to the status, or null
 */
public record Heartbeat(
    String callbackUrl,
    @Nullable String agentVersion,
    @Nullable String agentVerifyCa,
    @Nullable String agentStatus,
    @Nullable String agentStatusMessage) {}
