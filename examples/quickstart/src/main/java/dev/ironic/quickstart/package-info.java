/** From nothing to a deployed machine, as a user of the REST API would do it. */
@NullMarked
package dev.ironic.quickstart;

import org.jspecify.annotations.NullMarked;
