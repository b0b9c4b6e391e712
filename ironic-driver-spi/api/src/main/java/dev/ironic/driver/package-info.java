/**
 * What a driver author meets: hardware types, the thirteen kinds of hardware interface, steps,
 * periodic tasks, vendor methods, and {@link dev.ironic.driver.NodeTask}, the handle on a node.
 *
 * <p>Drivers are found with {@link java.util.ServiceLoader} through {@link
 * dev.ironic.driver.DriverPlugin}. Nothing here depends on the conductor, on a database or on a
 * JSON library: methods speak records, maps and lists.
 */
@NullMarked
package dev.ironic.driver;

import org.jspecify.annotations.NullMarked;
