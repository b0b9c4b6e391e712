package dev.ironic.core.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Deploy steps that a trait of an instance asks for.
 *
 * @param id row number, in order of creation; 0 before it is stored
 * @param uuid its UUID
 * @param createdAt when it was stored; null before
 * @param updatedAt when it was last changed; null if never
 * @param name the trait, unique
 * @param steps its steps
 * @param extra free-form data
 */
@RecordBuilder
public record DeployTemplate(
    long id,
    String uuid,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt,
    String name,
    List<TemplateStep> steps,
    Map<String, @Nullable Object> extra)
    implements DeployTemplateBuilder.With {}
