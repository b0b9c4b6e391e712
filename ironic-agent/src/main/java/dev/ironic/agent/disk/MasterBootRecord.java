package dev.ironic.agent.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The first sector of a disk with its four primary partitions. Logical partitions are not looked
 * at: their extended partition counts as one.
 */
final class MasterBootRecord {

  private static final int LENGTH = 512;
  private static final int TABLE = 446;
  private static final int ENTRY = 16;
  private static final int SIGNATURE_AT = 440;
  private static final int PROTECTIVE = 0xee;
  private static final int LINUX = 0x83;
  private static final long MAX_SECTORS = 0xffffffffL;

  /** Cylinders, heads and sectors that say "look at the sector numbers instead". */
  private static final byte[] NO_GEOMETRY = {(byte) 0xfe, (byte) 0xff, (byte) 0xff};

  private final ByteBuffer bytes;

  private MasterBootRecord(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static MasterBootRecord read(Disk disk) throws IOException {
    return new MasterBootRecord(disk.read(0, LENGTH));
  }

  boolean valid() {
    return (bytes.getShort(510) & 0xffff) == 0xaa55;
  }

  /** The identifier of the disk, as text such as 0x00000000. */
  String diskIdentifier() {
    return String.format("0x%08x", bytes.getInt(SIGNATURE_AT));
  }

  List<Partition> partitions(int sectorSize) {
    List<Partition> partitions = new ArrayList<>();
    for (int i = 0; valid() && i < 4; i++) {
      int type = type(i);
      long sectors = unsigned(i, 12);
      if (type != 0 && type != PROTECTIVE && sectors > 0) {
        partitions.add(
            new Partition(
                i + 1,
                unsigned(i, 8) * sectorSize,
                sectors * sectorSize,
                String.format("%02x", type),
                String.format("%08x-%02d", bytes.getInt(SIGNATURE_AT), i + 1),
                ""));
      }
    }
    return partitions;
  }

  /** Lets the entry that covers a GUID table reach the end of the disk, if there is one. */
  void stretchProtection(Disk disk) throws IOException {
    for (int i = 0; valid() && i < 4; i++) {
      if (type(i) == PROTECTIVE) {
        long sectors = disk.size() / disk.sectorSize() - unsigned(i, 8);
        bytes.putInt(TABLE + i * ENTRY + 12, (int) Math.min(MAX_SECTORS, sectors));
        write(disk);
        return;
      }
    }
  }

  /**
   * Adds a Linux partition behind all others, at the end of the disk or of what can be addressed.
   *
   * @return it, or empty if there is no room or no more than one free entry
   */
  Optional<Partition> addAtEnd(Disk disk, long size) throws IOException {
    List<Partition> taken = partitions(disk.sectorSize());
    if (taken.size() > 3) {
      return Optional.empty();
    }
    long alignment = Math.max(1, (1 << 20) / disk.sectorSize());
    long sectors = Math.ceilDiv(size, disk.sectorSize());
    long limit = Math.min(disk.size() / disk.sectorSize(), MAX_SECTORS);
    long start = Math.floorDiv(limit - sectors, alignment) * alignment;
    long floor = taken.stream().mapToLong(Partition::end).max().orElse(1 << 20);
    if (start * disk.sectorSize() < floor) {
      return Optional.empty();
    }
    int slot = 0;
    while (type(slot) != 0) {
      slot++;
    }
    int at = TABLE + slot * ENTRY;
    bytes.put(at, (byte) 0);
    bytes.put(at + 1, NO_GEOMETRY);
    bytes.put(at + 4, (byte) LINUX);
    bytes.put(at + 5, NO_GEOMETRY);
    bytes.putInt(at + 8, (int) start);
    bytes.putInt(at + 12, (int) sectors);
    write(disk);
    int number = slot + 1;
    return partitions(disk.sectorSize()).stream().filter(p -> p.number() == number).findFirst();
  }

  private void write(Disk disk) throws IOException {
    disk.write(0, bytes.duplicate().rewind());
  }

  private int type(int index) {
    return bytes.get(TABLE + index * ENTRY + 4) & 0xff;
  }

  private long unsigned(int index, int field) {
    return Integer.toUnsignedLong(bytes.getInt(TABLE + index * ENTRY + field));
  }
}
