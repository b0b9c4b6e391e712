/**
 * A driver of a third party: machines without a management controller, plugged into a power strip
 * with network outlets.
 */
@org.jspecify.annotations.NullMarked
package dev.ironic.examples.customdriver;
