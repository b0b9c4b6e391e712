/** The REST API over HTTP: a server to embed, and its main program. */
@NullMarked
package dev.ironic.api;

import org.jspecify.annotations.NullMarked;
