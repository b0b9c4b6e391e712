/**
 * A hardware type for machines that have no controller but hang on an outlet that can be switched.
 */
@NullMarked
package dev.ironic.examples.customdriver;

import org.jspecify.annotations.NullMarked;
