/** The conductor: does the work on nodes. */
@NullMarked
package dev.ironic.core.conductor;

import org.jspecify.annotations.NullMarked;
