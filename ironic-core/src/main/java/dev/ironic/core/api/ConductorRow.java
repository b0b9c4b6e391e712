package dev.ironic.core.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A conductor with what is known of it at the time of the request. */
public record ConductorRow(
    String hostname,
    String conductorGroup,
    boolean alive,
    List<String> drivers,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt) {}
