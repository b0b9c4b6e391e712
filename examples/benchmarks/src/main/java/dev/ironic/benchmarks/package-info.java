/** Micro-benchmarks, run by hand. */
@org.jspecify.annotations.NullMarked
package dev.ironic.benchmarks;
