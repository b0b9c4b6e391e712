@NullMarked
package dev.ironic.core.config;

import org.jspecify.annotations.NullMarked;
