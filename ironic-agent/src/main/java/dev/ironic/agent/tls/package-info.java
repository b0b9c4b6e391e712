/** The agent's own certificate. */
@NullMarked
package dev.ironic.agent.tls;

import org.jspecify.annotations.NullMarked;
