/** What an inspection found: hooks that work on it, and how it gets into the node. */
@NullMarked
package dev.ironic.core.inspection;

import org.jspecify.annotations.NullMarked;
