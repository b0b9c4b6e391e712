/** The commands the agent knows, grouped as on the wire. */
@NullMarked
package dev.ironic.agent.extension;

import org.jspecify.annotations.NullMarked;
