/** Making the firmware find the written system. */
@NullMarked
package dev.ironic.agent.boot;

import org.jspecify.annotations.NullMarked;
