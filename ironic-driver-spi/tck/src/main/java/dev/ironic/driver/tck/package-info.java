/**
 * A kit for driver authors: a scriptable BMC, a scriptable agent, a node in memory and suites of
 * tests that every implementation of an interface has to pass.
 */
@NullMarked
package dev.ironic.driver.tck;

import org.jspecify.annotations.NullMarked;
