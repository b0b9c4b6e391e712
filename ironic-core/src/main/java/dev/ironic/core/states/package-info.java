/** The provision state machine and the verbs that drive it, as data. */
@NullMarked
package dev.ironic.core.states;

import org.jspecify.annotations.NullMarked;
