@NullMarked
package dev.ironic.core.policy;

import org.jspecify.annotations.NullMarked;
