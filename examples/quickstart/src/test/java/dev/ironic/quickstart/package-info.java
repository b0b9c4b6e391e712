/** Tests of the quickstart that need no machine. */
@org.jspecify.annotations.NullMarked
package dev.ironic.quickstart;
