package dev.ironic.core.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A step of a deploy template.
 *
 * @param interfaceName wire name of the interface kind
 * @param step name of the step
 * @param args its arguments
 * @param priority higher runs earlier; 0 switches the step off
 */
@RecordBuilder
public record TemplateStep(
    String interfaceName, String step, Map<String, @Nullable Object> args, int priority)
    implements TemplateStepBuilder.With {}
