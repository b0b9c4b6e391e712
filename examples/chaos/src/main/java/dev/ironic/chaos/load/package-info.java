/** What clients do, and whether they got what they were promised. */
@NullMarked
package dev.ironic.chaos.load;

import org.jspecify.annotations.NullMarked;
