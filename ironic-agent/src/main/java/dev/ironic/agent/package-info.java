/** The deployment agent: start-up, lookup, heartbeats and the life of the process. */
@NullMarked
package dev.ironic.agent;

import org.jspecify.annotations.NullMarked;
