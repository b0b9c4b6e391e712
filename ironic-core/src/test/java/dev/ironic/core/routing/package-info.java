/** Tests of routing. */
@NullMarked
package dev.ironic.core.routing;

import org.jspecify.annotations.NullMarked;
