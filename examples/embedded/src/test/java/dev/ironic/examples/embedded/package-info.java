/** A conductor inside somebody else's process. */
@org.jspecify.annotations.NullMarked
package dev.ironic.examples.embedded;
