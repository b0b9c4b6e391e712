/** A hardware type whose machines stand in the yard; written on the driver SPI alone. */
@NullMarked
package dev.ironic.chaos.hardware;

import org.jspecify.annotations.NullMarked;
