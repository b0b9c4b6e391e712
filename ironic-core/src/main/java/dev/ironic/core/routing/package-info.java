/** Which conductor serves a node: membership, liveness, hash ring, topics. */
@NullMarked
package dev.ironic.core.routing;

import org.jspecify.annotations.NullMarked;
