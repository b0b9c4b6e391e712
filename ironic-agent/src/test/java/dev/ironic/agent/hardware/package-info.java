/** Tests of what is not seen from outside. */
@NullMarked
package dev.ironic.agent.hardware;

import org.jspecify.annotations.NullMarked;
