/** Inspection rules: conditions on what an inspection found, and what is done when they hold. */
@NullMarked
package dev.ironic.core.inspection.rules;

import org.jspecify.annotations.NullMarked;
