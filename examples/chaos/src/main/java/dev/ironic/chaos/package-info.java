/** Many conductors under fire: kills, pauses and cuts, and proof that nothing came of them. */
@NullMarked
package dev.ironic.chaos;

import org.jspecify.annotations.NullMarked;
