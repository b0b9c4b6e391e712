/**
 * Virtual bare metal: machines with disks, power and a Redfish BMC, for tests and for trying
 * things.
 */
@NullMarked
package dev.ironic.lab;

import org.jspecify.annotations.NullMarked;
