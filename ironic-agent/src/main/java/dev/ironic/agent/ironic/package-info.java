/** The bare metal API as the agent meets it: versions, lookup, heartbeats, inspection data. */
@NullMarked
package dev.ironic.agent.ironic;

import org.jspecify.annotations.NullMarked;
