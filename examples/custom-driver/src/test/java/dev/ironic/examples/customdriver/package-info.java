/** The driver held against the contracts, and put into a conductor as a jar. */
@NullMarked
package dev.ironic.examples.customdriver;

import org.jspecify.annotations.NullMarked;
