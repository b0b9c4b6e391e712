/**
 * The conductor's interface over JeroMQ: each conductor has a ROUTER socket of its own, callers
 * reach it by a DEALER. There is no broker.
 */
@NullMarked
package dev.ironic.rpc;

import org.jspecify.annotations.NullMarked;
