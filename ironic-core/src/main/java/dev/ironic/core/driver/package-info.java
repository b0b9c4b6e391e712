/** Finds drivers and decides which implementation of an interface a node uses. */
@NullMarked
package dev.ironic.core.driver;

import org.jspecify.annotations.NullMarked;
