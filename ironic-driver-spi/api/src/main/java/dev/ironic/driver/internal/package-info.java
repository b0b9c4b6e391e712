/** Not for use outside the SPI: may change at any time. */
@NullMarked
package dev.ironic.driver.internal;

import org.jspecify.annotations.NullMarked;
