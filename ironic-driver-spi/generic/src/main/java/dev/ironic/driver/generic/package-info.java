/** Interfaces that work with any hardware type: deployment by the agent, and doing nothing. */
@NullMarked
package dev.ironic.driver.generic;

import org.jspecify.annotations.NullMarked;
