/** Tests of what is not seen from outside. */
@NullMarked
package dev.ironic.agent.ironic;

import org.jspecify.annotations.NullMarked;
