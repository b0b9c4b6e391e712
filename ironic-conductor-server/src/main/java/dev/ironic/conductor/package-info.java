/** The conductor as a server: configuration, wiring, RPC, signals. Holds no rule about nodes. */
@NullMarked
package dev.ironic.conductor;

import org.jspecify.annotations.NullMarked;
