/** Tests through the agent's own doors. */
@NullMarked
package dev.ironic.agent;

import org.jspecify.annotations.NullMarked;
