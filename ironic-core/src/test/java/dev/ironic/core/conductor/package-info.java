/** Tests of the conductor. */
@NullMarked
package dev.ironic.core.conductor;

import org.jspecify.annotations.NullMarked;
