/**
 * Images on the conductor: where they come from, their checksums and formats, the cache, config
 * drives, boot media, and how machines fetch them.
 */
@NullMarked
package dev.ironic.core.image;

import org.jspecify.annotations.NullMarked;
