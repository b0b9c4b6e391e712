package dev.ironic.core.inspection.rules;

import dev.ironic.core.Fault;
import dev.ironic.core.IronicException;
import org.jspecify.annotations.Nullable;

/** Makes the failure that a wrong rule is: told to who writes it, or ending the inspection. */
final class RuleError {

  private RuleError() {}

  @SuppressWarnings("AnnotateFormatMethod") // The annotation would be a dependency of its own.
  static IronicException of(String format, @Nullable Object... values) {
    return new IronicException(
        Fault.INVALID_PARAMETER_VALUE, "Invalid inspection rule: " + format.formatted(values));
  }
}
