package dev.ironic.core.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A firmware setting of a node as last read.
 *
 * @param createdAt when it was stored; null before
 * @param updatedAt when it was last changed; null if never
 * @param nodeId row of the node
 * @param name its name
 * @param value its value
 * @param attributeType its type
 * @param allowableValues values it may have
 * @param lowerBound smallest number
 * @param upperBound largest number
 * @param minLength shortest text
 * @param maxLength longest text
 * @param readOnly whether it cannot be changed
 * @param resetRequired whether a change needs a restart
 * @param isUnique whether it is of this machine only
 */
@RecordBuilder
public record BiosSetting(
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt,
    long nodeId,
    String name,
    @Nullable String value,
    @Nullable String attributeType,
    @Nullable List<String> allowableValues,
    @Nullable Long lowerBound,
    @Nullable Long upperBound,
    @Nullable Integer minLength,
    @Nullable Integer maxLength,
    @Nullable Boolean readOnly,
    @Nullable Boolean resetRequired,
    @Nullable Boolean isUnique)
    implements BiosSettingBuilder.With {}
