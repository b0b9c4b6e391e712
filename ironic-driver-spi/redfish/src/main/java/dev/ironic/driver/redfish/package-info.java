/** Machines with a Redfish service: power, boot device, virtual media and the like. */
@NullMarked
package dev.ironic.driver.redfish;

import org.jspecify.annotations.NullMarked;
