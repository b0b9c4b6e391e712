/** What the machine is made of, and the steps its hardware managers offer. */
@NullMarked
package dev.ironic.agent.hardware;

import org.jspecify.annotations.NullMarked;
