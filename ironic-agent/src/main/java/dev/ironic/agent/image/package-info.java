/** From an image's URL to the bytes on a disk. */
@NullMarked
package dev.ironic.agent.image;

import org.jspecify.annotations.NullMarked;
