package dev.ironic.chaos.yard;

/**
 * What a machine looks like from outside.
 *
 * @param on whether it has power
 * @param runs what it has booted: {@code ramdisk}, {@code disk}, {@code none}
 * @param disk what is on its disk
 * @param boots how often it was switched on
 */
public record MachineState(boolean on, String runs, String disk, int boots) {}
