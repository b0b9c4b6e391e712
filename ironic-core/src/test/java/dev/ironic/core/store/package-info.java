/** Tests of the database. */
@NullMarked
package dev.ironic.core.store;

import org.jspecify.annotations.NullMarked;
