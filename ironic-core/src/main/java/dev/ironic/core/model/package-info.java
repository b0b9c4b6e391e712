/**
 * The resources as immutable records, one per table. Knows nothing of how they are stored or shown.
 */
@NullMarked
package dev.ironic.core.model;

import org.jspecify.annotations.NullMarked;
