/** Who may do what: callers, rules and the language that rules are written in. */
@NullMarked
package dev.ironic.core.policy;

import org.jspecify.annotations.NullMarked;
