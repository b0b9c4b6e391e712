/** Tests of events. */
@NullMarked
package dev.ironic.core.events;

import org.jspecify.annotations.NullMarked;
