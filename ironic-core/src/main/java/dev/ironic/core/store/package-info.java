/** The database: one repository per table, migrations, dialects, and fenced node locks. */
@NullMarked
package dev.ironic.core.store;

import org.jspecify.annotations.NullMarked;
