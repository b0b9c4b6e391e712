package dev.ironic.agent.disk;

import dev.ironic.agent.command.Progress;
import java.io.IOException;

/** Erases a disk through nothing but writes. */
public final class DiskEraser {

  private static final int EDGE_512 = 33;
  private static final int EDGE_4096 = 5;
  private static final long MEBIBYTE = 1 << 20;

  private DiskEraser() {}

  /**
   * Removes what systems recognise a disk by: partition tables and their backups, signatures of
   * file systems, RAID and volume managers at the start and end of the disk and of each partition.
   */
  public static void eraseMetadata(Disk disk) throws IOException {
    for (Partition partition : PartitionTable.partitions(disk)) {
      if (partition.offset() < disk.size()) {
        long size = Math.min(partition.size(), disk.size() - partition.offset());
        eraseEdges(disk, partition.offset(), size);
      }
    }
    eraseEdges(disk, 0, disk.size());
    disk.flush();
  }

  /** Writes zeroes over everything; files are emptied instead. */
  public static void eraseAll(Disk disk, Progress progress) throws IOException {
    if (disk.discard()) {
      disk.forgetDiscard();
      disk.flush();
      progress.bytes("erasing", disk.size(), disk.size());
      return;
    }
    long step = 64 * MEBIBYTE;
    for (long at = 0; at < disk.size(); at += step) {
      disk.overwrite(at, Math.min(step, disk.size() - at));
      disk.flush(); // keeps the report true: what is counted has left the memory
      progress.bytes("erasing", Math.min(at + step, disk.size()), disk.size());
    }
  }

  /**
   * A mebibyte on each side covers the two copies of a GUID table (33 sectors of 512 bytes, 5 of
   * 4096) and the signatures that other formats keep at fixed places nearby, up to the 64 KiB of
   * btrfs and the 128 KiB at the end where RAID members are marked.
   */
  private static void eraseEdges(Disk disk, long offset, long size) throws IOException {
    long least = (long) (disk.sectorSize() == 4096 ? EDGE_4096 : EDGE_512) * disk.sectorSize();
    long edge = Math.min(Math.max(least, MEBIBYTE), size);
    disk.zero(offset, edge);
    disk.zero(offset + size - edge, edge);
  }
}
