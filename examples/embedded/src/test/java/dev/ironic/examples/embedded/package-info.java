/** How to use a conductor as a library. */
@NullMarked
package dev.ironic.examples.embedded;

import org.jspecify.annotations.NullMarked;
