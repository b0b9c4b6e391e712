package dev.ironic.core.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A conductor as it registered itself.
 *
 * @param id row number, in order of creation; 0 before it is stored
 * @param createdAt when it was stored; null before
 * @param updatedAt when it was last changed; null if never
 * @param hostname its name, unique
 * @param drivers its hardware types
 * @param online whether it has not said goodbye
 * @param conductorGroup group of nodes it serves, lower case; empty for the default group
 * @param incarnation which process it is; null after it has ended
 * @param rpcAddress where its RPC is reached, for example {@code tcp://192.0.2.7:8089}, with its
 *     public key behind a {@code #} where it encrypts; null where it is only served in its own
 *     process
 */
@RecordBuilder
public record ConductorRecord(
    long id,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt,
    String hostname,
    List<String> drivers,
    boolean online,
    String conductorGroup,
    @Nullable String incarnation,
    @Nullable String rpcAddress)
    implements ConductorRecordBuilder.With {}
