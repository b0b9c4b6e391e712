package dev.ironic.core.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A named list of steps that users may run.
 *
 * @param id row number, in order of creation; 0 before it is stored
 * @param uuid its UUID
 * @param createdAt when it was stored; null before
 * @param updatedAt when it was last changed; null if never
 * @param name its name, unique
 * @param description words of the operator
 * @param isPublic whether all projects may use it
 * @param owner project that owns it
 * @param disableRamdisk whether it runs without the agent
 * @param steps its steps
 * @param traits traits of the nodes it is approved for
 * @param extra free-form data
 */
@RecordBuilder
public record Runbook(
    long id,
    String uuid,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt,
    String name,
    @Nullable String description,
    boolean isPublic,
    @Nullable String owner,
    boolean disableRamdisk,
    List<RunbookStep> steps,
    List<String> traits,
    Map<String, @Nullable Object> extra)
    implements RunbookBuilder.With {}
