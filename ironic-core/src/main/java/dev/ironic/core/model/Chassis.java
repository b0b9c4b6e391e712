package dev.ironic.core.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A group of nodes, usually a rack or an enclosure.
 *
 * @param id row number, in order of creation; 0 before it is stored
 * @param uuid its UUID
 * @param createdAt when it was stored; null before
 * @param updatedAt when it was last changed; null if never
 * @param description words of the operator
 * @param extra free-form data
 */
@RecordBuilder
public record Chassis(
    long id,
    String uuid,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt,
    @Nullable String description,
    Map<String, @Nullable Object> extra)
    implements ChassisBuilder.With {}
