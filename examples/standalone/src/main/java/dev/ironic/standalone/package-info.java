/** API service, conductor and database in one process. */
@NullMarked
package dev.ironic.standalone;

import org.jspecify.annotations.NullMarked;
