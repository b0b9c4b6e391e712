/** Tests with real processes. */
@NullMarked
package dev.ironic.chaos;

import org.jspecify.annotations.NullMarked;
