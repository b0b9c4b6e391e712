/** The host around the agent: tools, power, time. */
@NullMarked
package dev.ironic.agent.system;

import org.jspecify.annotations.NullMarked;
