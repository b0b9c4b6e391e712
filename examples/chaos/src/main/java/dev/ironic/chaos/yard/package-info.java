/** The machines, with a log of every call that anybody makes to them. */
@NullMarked
package dev.ironic.chaos.yard;

import org.jspecify.annotations.NullMarked;
