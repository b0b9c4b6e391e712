/** Reading, erasing and partitioning disks, the same for block devices and files. */
@NullMarked
package dev.ironic.agent.disk;

import org.jspecify.annotations.NullMarked;
