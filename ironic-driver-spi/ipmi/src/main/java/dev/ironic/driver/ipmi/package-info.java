/** Machines with an IPMI controller: power, boot device, sensors and raw commands by ipmitool. */
@NullMarked
package dev.ironic.driver.ipmi;

import org.jspecify.annotations.NullMarked;
