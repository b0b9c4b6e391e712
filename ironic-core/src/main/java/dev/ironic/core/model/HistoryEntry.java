package dev.ironic.core.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a node: who, why, from, to, how long.
 *
 * @param id row number, in order of creation; 0 before it is stored
 * @param uuid its UUID
 * @param createdAt when it was stored; null before
 * @param updatedAt when it was last changed; null if never
 * @param nodeId row of the node
 * @param conductor host name of the conductor
 * @param eventType kind of event
 * @param severity ERROR or INFO
 * @param event what happened
 * @param user who asked for it
 * @param project project of who asked
 * @param state provision state at that moment
 * @param targetProvisionState target state at that moment
 * @param durationSeconds seconds since the state before
 */
@RecordBuilder
public record HistoryEntry(
    long id,
    String uuid,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt,
    long nodeId,
    @Nullable String conductor,
    @Nullable String eventType,
    @Nullable String severity,
    @Nullable String event,
    @Nullable String user,
    @Nullable String project,
    @Nullable String state,
    @Nullable String targetProvisionState,
    @Nullable Long durationSeconds)
    implements HistoryEntryBuilder.With {}
