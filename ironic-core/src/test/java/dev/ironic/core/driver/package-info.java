/** Tests of how drivers are found and chosen. */
@NullMarked
package dev.ironic.core.driver;

import org.jspecify.annotations.NullMarked;
