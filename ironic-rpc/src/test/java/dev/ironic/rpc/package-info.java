@NullMarked
package dev.ironic.rpc;

import org.jspecify.annotations.NullMarked;
