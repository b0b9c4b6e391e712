/** What happened, for whoever listens. */
@NullMarked
package dev.ironic.core.events;

import org.jspecify.annotations.NullMarked;
