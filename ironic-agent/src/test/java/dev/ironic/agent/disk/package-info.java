/** Tests of what is not seen from outside. */
@NullMarked
package dev.ironic.agent.disk;

import org.jspecify.annotations.NullMarked;
