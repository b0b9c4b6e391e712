package dev.ironic.agent.disk;

/**
 * A partition.
 *
 * @param number counted from 1, as in device names
 * @param offset first byte on the disk
 * @param size bytes
 * @param type type GUID in a GUID table, else two hexadecimal digits
 * @param uuid how systems name it: its GUID, or the disk's signature and its number
 * @param label its name in a GUID table, else empty
 */
public record Partition(
    int number, long offset, long size, String type, String uuid, String label) {

  /** The first byte behind it. */
  public long end() {
    return offset + size;
  }

  /** True if firmware looks for boot loaders here. */
  public boolean isEfiSystem() {
    return type.equals(GuidPartitionTable.EFI_SYSTEM.toString()) || type.equals("ef");
  }
}
