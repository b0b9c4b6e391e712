package dev.ironic.core.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request for a node.
 *
 * @param id row number, in order of creation; 0 before it is stored
 * @param uuid its UUID
 * @param createdAt when it was stored; null before
 * @param updatedAt when it was last changed; null if never
 * @param name name, unique
 * @param nodeId row of the node it got
 * @param nodeUuid UUID of the node it got; read by a join, not stored
 * @param state allocating, active or error
 * @param owner project that owns it
 * @param lastError why it failed
 * @param resourceClass class of nodes wanted
 * @param traits traits wanted
 * @param candidateNodes UUIDs of the nodes it may get; empty for all
 * @param conductorAffinity row of the conductor that works on it
 * @param extra free-form data
 */
@RecordBuilder
public record Allocation(
    long id,
    String uuid,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt,
    @Nullable String name,
    @Nullable Long nodeId,
    @Nullable String nodeUuid,
    String state,
    @Nullable String owner,
    @Nullable String lastError,
    @Nullable String resourceClass,
    List<String> traits,
    List<String> candidateNodes,
    @Nullable Long conductorAffinity,
    Map<String, @Nullable Object> extra)
    implements AllocationBuilder.With {}
