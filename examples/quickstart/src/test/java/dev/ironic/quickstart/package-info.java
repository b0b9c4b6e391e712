/**
 * What goes wrong, from end to end: real services as processes, an agent as a process, a scriptable
 * BMC; everything is asked for and seen over REST.
 */
@NullMarked
package dev.ironic.quickstart;

import org.jspecify.annotations.NullMarked;
