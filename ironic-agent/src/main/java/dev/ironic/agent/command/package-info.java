/** Commands: how they are named, run, reported and served over HTTP. */
@NullMarked
package dev.ironic.agent.command;

import org.jspecify.annotations.NullMarked;
