package dev.ironic.agent.disk;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** What partitions a disk has, and adding one; the same for GUID tables and MBRs. */
public final class PartitionTable {

  private PartitionTable() {}

  /** The disk's partitions; none if it has no table. */
  public static List<Partition> partitions(Disk disk) throws IOException {
    Optional<GuidPartitionTable> guid = GuidPartitionTable.read(disk);
    return guid.isPresent()
        ? guid.get().partitions()
        : MasterBootRecord.read(disk).partitions(disk.sectorSize());
  }

  /** The MBR's identifier of the disk, as text such as 0x5a3c0001; zeroes if there is none. */
  public static String diskIdentifier(Disk disk) throws IOException {
    return MasterBootRecord.read(disk).diskIdentifier();
  }

  /**
   * Puts the backup of a GUID table to the end of the disk, where a smaller image could not have
   * it. Does nothing for other disks.
   *
   * @return true if it was elsewhere
   */
  public static boolean moveBackupToEnd(Disk disk) throws IOException {
    Optional<GuidPartitionTable> guid = GuidPartitionTable.read(disk);
    if (guid.isEmpty()) {
      return false;
    }
    OptionalLong old = guid.get().growTo(disk.size());
    if (old.isEmpty()) {
      return false;
    }
    guid.get().write(disk);
    long stale = old.getAsLong() * disk.sectorSize();
    boolean inUse =
        guid.get().partitions().stream().anyMatch(p -> p.offset() <= stale && stale < p.end());
    if (stale > 0 && stale < disk.size() - disk.sectorSize() && !inUse) {
      disk.zero(stale, disk.sectorSize()); // else tools find two backups
    }
    disk.flush();
    return true;
  }

  /**
   * Adds a partition for data as close to the end of the disk as possible.
   *
   * @return it, or empty if there is no room or no free entry
   */
  public static Optional<Partition> addAtEnd(Disk disk, long size, String label)
      throws IOException {
    Optional<GuidPartitionTable> guid = GuidPartitionTable.read(disk);
    if (guid.isEmpty()) {
      MasterBootRecord record = MasterBootRecord.read(disk);
      return record.valid() ? record.addAtEnd(disk, size) : Optional.empty();
    }
    Optional<Partition> added =
        guid.get().addAtEnd(size, GuidPartitionTable.LINUX_DATA, UUID.randomUUID(), label);
    if (added.isPresent()) {
      guid.get().write(disk);
    }
    return added;
  }
}
