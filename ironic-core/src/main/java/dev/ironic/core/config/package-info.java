/**
 * {@code ironic.conf}: the file format, the table of known options, and typed reading. Each room of
 * core reads its options into a record of its own.
 */
@NullMarked
package dev.ironic.core.config;

import org.jspecify.annotations.NullMarked;
