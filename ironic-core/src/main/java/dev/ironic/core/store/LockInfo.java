package dev.ironic.core.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a node's lock stands, for operators.
 *
 * @param holder host name of the conductor that holds it; null while it is free
 * @param since when it was taken; null while it is free
 * @param purpose what for, in words; null while it is free
 * @param fence how often it has been taken so far
 */
public record LockInfo(
    @Nullable String holder, @Nullable Instant since, @Nullable String purpose, long fence) {}
