/** Services as processes of their own, and what can be done to them. */
@NullMarked
package dev.ironic.chaos.process;

import org.jspecify.annotations.NullMarked;
