/** The REST API through a socket, on a real database, with a conductor and fake hardware. */
@org.jspecify.annotations.NullMarked
package dev.ironic.api;
