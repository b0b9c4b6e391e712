/** What the whole library shares: its errors and the context of a request. */
@NullMarked
package dev.ironic.core;

import org.jspecify.annotations.NullMarked;
