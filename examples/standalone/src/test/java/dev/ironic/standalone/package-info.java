@NullMarked
package dev.ironic.standalone;

import org.jspecify.annotations.NullMarked;
