/** Tests of images, on real files and sockets. */
@NullMarked
package dev.ironic.core.image;

import org.jspecify.annotations.NullMarked;
