package dev.ironic.lab;

/**
 * What a lab machine is made of.
 *
 * @param name its name; also its folder's and its BMC's system id
 * @param mac the MAC address of its network card
 * @param agentPort port of this host at which the agent in it is reached, where its network is not
 *     this host's own
 * @param osPort port of this host at which the HTTP server of the deployed system is reached,
 *     likewise
 * @param diskBytes size of its disk
 * @param memoryMiB size of its memory
 */
public record MachineSpec(
    String name, String mac, int agentPort, int osPort, long diskBytes, int memoryMiB) {}
