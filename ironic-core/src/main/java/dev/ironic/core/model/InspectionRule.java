package dev.ironic.core.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to do with what an inspection found.
 *
 * @param id row number, in order of creation; 0 before it is stored
 * @param uuid its UUID
 * @param createdAt when it was stored; null before
 * @param updatedAt when it was last changed; null if never
 * @param priority higher runs earlier
 * @param description words of the operator
 * @param scope nodes it is for
 * @param sensitive whether its content is hidden
 * @param phase when it runs
 * @param conditions what must hold
 * @param actions what is done
 */
@RecordBuilder
public record InspectionRule(
    long id,
    String uuid,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt,
    int priority,
    @Nullable String description,
    @Nullable String scope,
    boolean sensitive,
    @Nullable String phase,
    List<Map<String, @Nullable Object>> conditions,
    List<Map<String, @Nullable Object>> actions)
    implements InspectionRuleBuilder.With {}
