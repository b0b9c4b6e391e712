package dev.ironic.core.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A step of a runbook.
 *
 * @param interfaceName wire name of the interface kind
 * @param step name of the step
 * @param args its arguments
 * @param order lower runs earlier
 */
@RecordBuilder
public record RunbookStep(
    String interfaceName, String step, Map<String, @Nullable Object> args, int order)
    implements RunbookStepBuilder.With {}
